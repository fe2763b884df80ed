package web

import (
	"slices"

	"sanad/platform/access"
)

// routes is the table of everything that can be reached. Entries with an icon
// make the menu, in this order; the site map shows what its reader may open.
func routes() []route {
	return slices.Concat(familyRoutes(), identityRoutes(), ministryRoutes(), staffRoutes())
}

// familyRoutes are the pages about one family and its registration.
func familyRoutes() []route {
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

		{pattern: "GET /households/{household}/decisions", serve: decisionsPage, need: access.SeeDecision},
		{pattern: "GET /households/{household}/decisions/{programme}/{month}", serve: decisionPage, need: access.SeeDecision},
		{pattern: "GET /households/{household}/decisions/{programme}/{month}/letter", serve: letterPage, need: access.SeeDecision},
		{pattern: "GET /households/{household}/payments", serve: paymentsPage, need: access.SeeDecision},
		{pattern: "GET /households/{household}/classification", serve: classificationPage, need: access.SeeDecision},
		{pattern: "GET /households/{household}/account", serve: statementPage, need: access.SeeDecision},
		{pattern: "POST /households/{household}/proposals", serve: propose, need: access.ProposeMeasure},
		{pattern: "GET /proposals/{proposal}", serve: proposalPage, need: access.SeeDecision},
		{pattern: "POST /proposals/{proposal}/serve", serve: serveNotice, need: access.ServeNotice},
		{pattern: "POST /proposals/{proposal}/answer", serve: answerProposal, need: access.ServeNotice},
		{pattern: "POST /proposals/{proposal}/decide", serve: decideProposal, need: access.DecideMeasure},
		{pattern: "POST /proposals/{proposal}/withdraw", serve: withdrawProposal, need: access.SeeDecision},
		{pattern: "GET /households/{household}/correction", serve: correctionPage, need: access.AskCorrection},
		{pattern: "POST /households/{household}/correction", serve: correctFact, need: access.AskCorrection},
		{pattern: "GET /households/{household}/events", serve: eventsPage, need: access.RecordLifeEvent},
		{pattern: "GET /households/{household}/events/{event}", serve: eventPage, need: access.RecordLifeEvent},
		{pattern: "POST /households/{household}/events/{event}", serve: recordEvent, need: access.RecordLifeEvent},

		{pattern: "GET /imports", serve: importsPage, title: "web.imports", icon: "upload", need: access.ImportFiles},
		{pattern: "POST /imports", serve: sendFiles, need: access.ImportFiles, upload: true},
		{pattern: "GET /imports/{import}", serve: importPage, need: access.ImportFiles},
		{pattern: "GET /imports/{import}/progress", serve: importProgress, need: access.ImportFiles},
		{pattern: "GET /imports/{import}/report.csv", serve: importReport, need: access.ImportFiles},
		{pattern: "GET /imports/{import}/revert", serve: revertPage, need: access.RevertImport},
		{pattern: "POST /imports/{import}/revert", serve: revertImport, need: access.RevertImport},
	}
}

// identityRoutes tell whether records are one human, and what families share.
func identityRoutes() []route {
	return []route{
		{pattern: "GET /review", serve: deskPage, title: "review.title", icon: "swap", need: access.LinkIdentity},
		{pattern: "POST /review/next", serve: nextPair, need: access.LinkIdentity},
		{pattern: "GET /review/{a}/{b}", serve: pairPage, need: access.LinkIdentity},
		{pattern: "POST /review/{a}/{b}", serve: judgePair, need: access.LinkIdentity},
		{pattern: "POST /review/{a}/{b}/later", serve: laterPair, need: access.LinkIdentity},
		{pattern: "GET /review/cluster/{person}", serve: clusterPage, need: access.LinkIdentity},
		{pattern: "GET /review/{a}/{b}/undo", serve: undoPage, need: access.LinkIdentity},
		{pattern: "POST /review/{a}/{b}/undo", serve: undoLink, need: access.LinkIdentity},
		{pattern: "POST /review/{a}/{b}/settle/{person}", serve: settleRecord, need: access.LinkIdentity},
		{pattern: "GET /rings", serve: ringsPage, title: "rings.title", icon: "ring", need: access.JudgeRings},
		{pattern: "POST /rings", serve: findRings, need: access.LinkIdentity},
		{pattern: "GET /rings/{ring}", serve: ringPage, need: access.JudgeRings},
		{pattern: "POST /rings/{ring}", serve: answerRing, need: access.JudgeRings},
	}
}

// ministryRoutes are the pages about the country: what was decided, what is paid,
// what a reform would do.
func ministryRoutes() []route {
	return []route{
		{pattern: "GET /dashboard", serve: dashboardPage, title: "web.dashboard", icon: "map", need: access.SeeDashboard},
		{pattern: "GET /decisions/{programme}/{month}", serve: monthPage, need: access.SeeDecision},
		{pattern: "GET /decisions/{programme}/{month}/rows.csv", serve: monthTable, need: access.SeeDecision},

		{pattern: "GET /lists", serve: listsPage, title: "web.lists", icon: "coin", need: access.SeeList},
		{pattern: "POST /lists", serve: prepareList, need: access.PrepareList},
		{pattern: "GET /lists/{list}", serve: listPage, need: access.SeeList},
		{pattern: "POST /lists/{list}/reasons", serve: giveReason, need: access.PrepareList},
		{pattern: "POST /lists/{list}/approve", serve: approveList, need: access.ApproveList},
		{pattern: "POST /lists/{list}/withdraw", serve: withdrawList, need: access.SeeList},
		{pattern: "POST /lists/{list}/export", serve: exportList, need: access.ExportList},
		{pattern: "POST /lists/{list}/returns", serve: takeReturns, need: access.ReadReturns, upload: true},
		{pattern: "POST /lists/{list}/close", serve: closeList, need: access.CloseList},
		{pattern: "GET /lists/{list}/banks/{bank}", serve: schedulePage, need: access.ExportList},
		{pattern: "GET /lists/{list}/files/{file}", serve: listFile, need: access.ExportList},

		{pattern: "GET /ends", serve: endsPage, title: "web.ends", icon: "clock", need: access.SeeList},
		{pattern: "POST /ends", serve: announceEnds, need: access.AnnounceEnds},
		{pattern: "GET /ends/{act}", serve: endActPage, need: access.SeeList},
		{pattern: "POST /ends/{act}/approve", serve: approveEnds, need: access.ApproveEnds},
		{pattern: "POST /ends/{act}/withdraw", serve: withdrawEnds, need: access.SeeList},

		{pattern: "GET /programmes", serve: programmesPage, title: "web.programmes", icon: "scale"},
		{pattern: "GET /programmes/{programme}", serve: programmePage},
		{pattern: "GET /releases/{release}", serve: releasePage, need: access.PrepareRelease},
		{pattern: "POST /releases/{release}/compute", serve: computeReport, need: access.PrepareRelease},
		{pattern: "POST /releases/{release}/open", serve: openReport, need: access.PrepareRelease},
		{pattern: "POST /releases/{release}/approve", serve: approveRelease, need: access.ApproveRelease},
		{pattern: "POST /releases/{release}/withdraw", serve: withdrawRelease, need: access.PrepareRelease},

		{pattern: "GET /lab", serve: labPage, title: "web.lab", icon: "flask", need: access.Simulate},
		{pattern: "POST /lab", serve: sendScenario, need: access.Simulate, upload: true},
		{pattern: "GET /lab/new", serve: scenarioPage, need: access.Simulate},
		{pattern: "POST /lab/new", serve: tryScenario, need: access.Simulate},
		{pattern: "GET /lab/{result}", serve: resultPage, need: access.Simulate},
		{pattern: "GET /lab/{result}/progress", serve: trialProgress, need: access.Simulate},
		{pattern: "GET /lab/{result}/simulation.csv", serve: resultTable, need: access.Simulate},
		{pattern: "GET /lab/{result}/simulation.json", serve: resultObject, need: access.Simulate},
		{pattern: "GET /lab/{result}/reform.yaml", serve: resultReform, need: access.Simulate},
		{pattern: "POST /lab/{result}/draft", serve: draftReform, need: access.PrepareRelease},
	}
}

// staffRoutes are the pages about who works here.
func staffRoutes() []route {
	return []route{
		{pattern: "GET /people", serve: peoplePage, title: "web.people", icon: "users", need: access.SeePeople},
		{pattern: "POST /people", serve: addPerson, need: access.ManagePeople},
		{pattern: "GET /people/{person}", serve: personPage, need: access.SeePeople},
		{pattern: "POST /people/{person}/roles", serve: grantRole, need: access.ManagePeople},
		{pattern: "POST /people/{person}/roles/revoke", serve: revokeRole, need: access.ManagePeople},
		{pattern: "POST /people/{person}/disable", serve: disablePerson, need: access.ManagePeople},
		{pattern: "POST /people/{person}/enable", serve: enablePerson, need: access.ManagePeople},
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
