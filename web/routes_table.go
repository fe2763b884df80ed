package web

// routes is the table of everything that can be reached.
func routes() []route {
	return []route{
		{pattern: "POST /language", serve: setLanguage, open: true},
	}
}
