package web

import "sanad/platform/access"

// routes is the table of everything that can be reached. Entries with an icon
// make the menu, in this order; the site map shows what its reader may open.
func routes() []route {
	return []route{
		{pattern: "GET /{$}", serve: todayPage, title: "web.today", icon: "home"},
		{pattern: "GET /search", serve: searchPage, title: "web.search", icon: "search", need: access.SearchPeople},
		{pattern: "GET /tasks", serve: tasksPage, title: "web.tasks", icon: "inbox", need: access.AnswerTask},
		{pattern: "GET /tasks/{task}", serve: taskPage, need: access.AnswerTask},
		{pattern: "POST /tasks/{task}", serve: settleTask, need: access.AnswerTask},

		{pattern: "GET /register", serve: beginRegistration, title: "web.register", icon: "plus", need: access.RegisterHousehold},
		{pattern: "GET /register/{draft}/{step}", serve: registrationStep, need: access.RegisterHousehold},
		{pattern: "POST /register/{draft}/{step}", serve: keepRegistrationStep, need: access.RegisterHousehold},
		{pattern: "POST /register/{draft}/{step}/draft", serve: keepRegistrationDraft, need: access.RegisterHousehold},

		{pattern: "GET /households/{household}", serve: householdPage, need: access.SeeHousehold},
		{pattern: "GET /purpose/{household}", serve: purposePage, need: access.ReadElsewhere},
		{pattern: "POST /purpose/{household}", serve: openPurpose, need: access.ReadElsewhere},
		{pattern: "GET /households/{household}/people", serve: membersPage, need: access.SeeHousehold},
		{pattern: "GET /households/{household}/people/{person}", serve: memberPage, need: access.SeeHousehold},
		{pattern: "GET /households/{household}/readers", serve: readersPage, need: access.SeeHousehold},
		{pattern: "GET /households/{household}/receipt", serve: receiptPage, need: access.SeeHousehold},

		{pattern: "GET /households/{household}/events", serve: eventsPage, need: access.RecordLifeEvent},
		{pattern: "GET /households/{household}/events/{event}", serve: eventPage, need: access.RecordLifeEvent},
		{pattern: "POST /households/{household}/events/{event}", serve: recordEvent, need: access.RecordLifeEvent},

		{pattern: "GET /people", serve: peoplePage, title: "web.people", icon: "users", need: access.SeePeople},
		{pattern: "POST /people", serve: addPerson, need: access.ManagePeople},
		{pattern: "GET /people/{person}", serve: personPage, need: access.SeePeople},
		{pattern: "POST /people/{person}/roles", serve: grantRole, need: access.ManagePeople},
		{pattern: "POST /people/{person}/password", serve: resetPassword, need: access.ResetPasswords},
		{pattern: "GET /login", serve: loginPage, open: true},
		{pattern: "POST /login", serve: login, open: true},
		{pattern: "GET /first-run", serve: firstRunPage, open: true},
		{pattern: "POST /first-run", serve: firstRun, open: true},
		{pattern: "POST /logout", serve: logout, open: true},
		{pattern: "GET /account", serve: accountPage, title: "web.account", always: true},
		{pattern: "POST /account/password", serve: changePassword, always: true},
		{pattern: "GET /map", serve: siteMap, title: "web.map", open: true},
		{pattern: "POST /language", serve: setLanguage, open: true},
	}
}
