package web

// routes is the table of everything that can be reached. Entries with an icon
// make the menu, in this order; all of them make the site map.
func routes() []route {
	return []route{
		{pattern: "GET /{$}", serve: notFound, title: "web.today", icon: "home"},
		{pattern: "GET /search", serve: notFound, title: "web.search", icon: "search"},
		{pattern: "GET /tasks", serve: notFound, title: "web.tasks", icon: "inbox"},
		{pattern: "GET /register", serve: notFound, title: "web.register", icon: "plus"},
		{pattern: "GET /imports", serve: notFound, title: "web.imports", icon: "upload", extra: true},
		{pattern: "GET /lists", serve: notFound, title: "web.lists", icon: "list", extra: true},
		{pattern: "GET /dashboard", serve: notFound, title: "web.dashboard", icon: "map", extra: true},
		{pattern: "GET /people", serve: notFound, title: "web.people", icon: "users", extra: true},
		{pattern: "GET /map", serve: siteMap, title: "web.map"},
		{pattern: "POST /language", serve: setLanguage, open: true},
	}
}
