// Package web is what people see of Sanad: the counter clerk who registers a
// family, the head of branch who answers for a decision, the officer of the
// diwan who signs a list, each in Arabic or in English.
//
// Pages are made on the server from templates under pages/, which are parsed
// once per language; nothing of them needs a script. A request is served by one
// short handler from the route table (routes.go, the site map too): it opens
// the transaction, calls the verbs of the steps and shows a view. Handlers
// return errors; faults.go turns them into pages. A GET never changes anything.
package web

import (
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"sanad/delivery/intake"
	"sanad/delivery/matching"
	"sanad/delivery/matching/linkage"
	"sanad/delivery/matching/search"
	"sanad/delivery/policy"
	"sanad/exchange/bank"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

// Config is what a site needs to know.
type Config struct {
	Journal  *journal.Journal // where everything is kept
	Ministry text.Bilingual   // whose site it is: content of the country
	Demo     bool             // all data are invented: every page says so
	Accounts []DemoAccount    // in a demonstration: who may be tried, shown at the login
	Secure   bool             // a proxy before us speaks TLS: cookies are Secure
	Country  fs.FS            // the country pack: programmes, banks, column mappings; nil offers none of these
	Search   *search.Index    // of the journal's people; nil makes one
	Folder   string           // where uploaded files and bank files are kept; empty: none are taken or made
}

// site serves one node's pages.
type site struct {
	Config
	templates templates
	assets    assets
	routes    []route
	gate      access.Gate

	programmes []*policy.Programme // of the country
	// classification is the order of help; nil where the country has none.
	classification *policy.Programme
	mapping        *intake.Mapping // of the lists that branches send
	banks          *bank.Directory // payer and banks
	imports        *importing      // files that are being taken in
	trials         *trying         // simulations under way
	sums           sums            // what the last runs came to
	// matching finds persons who stand in the registry twice; nil where the country
	// has no model for it.
	matching *linkage.Model
}

// Handler serves every page and asset. It fails where a template cannot be
// parsed; a binary without built assets works, and says in the log what to do.
func Handler(c Config) (http.Handler, error) {
	s, err := newSite(c)
	if err != nil {
		return nil, err
	}
	return s.protect(s.mux()), nil
}

func newSite(c Config) (*site, error) {
	found, err := loadAssets()
	if err != nil {
		slog.Warn(err.Error())
	}
	parsed, err := parseTemplates(found)
	if err != nil {
		return nil, err
	}
	if c.Search == nil {
		c.Search = search.New()
	}
	s := &site{Config: c, templates: parsed, assets: found, routes: routes(), gate: access.Gate{Journal: c.Journal}, imports: newImporting(), trials: &trying{}}
	if c.Country == nil {
		return s, nil
	}
	return s, s.openCountry()
}

// mappingFile is the column mapping of the lists that branches send.
const mappingFile = "intake/household-list.yaml"

// openCountry reads what pages need of the country pack. A pack without banks
// serves: then no bank file can be made here.
func (s *site) openCountry() error {
	files, err := fs.Glob(s.Country, policy.Folder+"/*.yaml")
	if err != nil {
		return err
	}
	for _, file := range files {
		p, err := policy.Open(s.Country, file)
		if err != nil {
			return err
		}
		s.programmes = append(s.programmes, p)
	}
	s.classification, err = policy.Calculation(s.Country, policy.Classification)
	if err != nil && !errors.Is(err, fault.NotFound("policy.no_calculation")) {
		return err
	}
	if s.matching, err = matching.PersonModel(s.Country); err != nil {
		slog.Warn("no search for duplicates", "error", err)
		s.matching = nil
	}
	if s.mapping, err = intake.LoadMapping(s.Country, mappingFile); err != nil {
		return err
	}
	if s.banks, err = bank.Open(s.Country); err != nil {
		slog.Warn("no bank files can be made", "error", err)
		s.banks = nil
	}
	return nil
}

// Server is a server for Handler with the time limits of a slow but honest line.
func Server(address string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: address, Handler: h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       10 * time.Minute, // 64 MB at a megabit a second
		WriteTimeout:      10 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}

func (s *site) mux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/{file}", s.assets)
	for _, r := range s.routes {
		mux.HandleFunc(r.pattern, s.serve(r))
	}
	mux.HandleFunc("/", s.serve(route{serve: notFound, open: true}))
	return mux
}

// exchange is one request and its answer on their way through a handler.
type exchange struct {
	site     *site
	w        http.ResponseWriter
	r        *http.Request
	language text.Language
	frame    *frame
	session  store.Session // whose request it is; without an actor before login
	mustSet  bool          // entered with a one-time code: a password comes first
}

// begin reads who is there and in what language.
func (s *site) begin(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{site: s, w: w, r: r, language: s.languageOf(r)}
	x.frame = &frame{Token: s.formToken(w, r), Path: r.URL.RequestURI(), Demo: s.Demo}
	if s.Ministry.Arabic != "" {
		x.frame.Ministry = &s.Ministry
	}
	return x
}

// serve wraps one route: limits, form token, the frame, and faults as pages.
func (s *site) serve(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, rt.limit())
		x := s.begin(w, r)
		defer s.recover(x)
		if err := s.admit(x, rt); err != nil {
			s.turnAway(x, err)
			return
		}
		if err := rt.serve(x); err != nil {
			s.turnAway(x, err)
		}
	}
}

// admit checks who is there, what she may open, and the form's token.
func (s *site) admit(x *exchange, rt route) error {
	if x.r.Method == http.MethodPost {
		if err := x.readForm(); err != nil {
			return err
		}
		if err := s.checkToken(x.r); err != nil {
			return err
		}
	}
	if err := x.identify(); err != nil {
		return err
	}
	x.frame.Nav = navigation(s.routes, rt, x.session)
	if x.mustSet && !rt.open && !rt.always {
		return errMustSet
	}
	return rt.allow(x.session)
}

// signedIn tells whether somebody is at the keyboard.
func (x *exchange) signedIn() bool { return !x.session.Actor.IsZero() }

// read runs work on one snapshot; what it looked at of a family is journalled
// before the answer is given.
func (x *exchange) read(work func(*store.Tx) error) error {
	return x.site.Journal.Read(x.r.Context(), x.session, work)
}

// change runs a verb. The form's command key makes pressing the button twice do
// the thing once.
func (x *exchange) change(work func(*store.Tx) error) (journal.Receipt, error) {
	who := x.session
	if err := who.Command.UnmarshalText([]byte(value(x.r, "command"))); err != nil {
		return journal.Receipt{}, err
	}
	return x.site.Journal.Write(x.r.Context(), who, work)
}

// turnAway sends who is not signed in to the login, and from there back here;
// who needs a purpose, to where she writes it down; all else is a fault.
func (s *site) turnAway(x *exchange, err error) {
	if errors.Is(err, errNotSignedIn) {
		back := "/"
		if x.r.Method == http.MethodGet {
			back = x.r.URL.RequestURI()
		}
		http.Redirect(x.w, x.r, "/login?back="+url.QueryEscape(back), http.StatusSeeOther)
		return
	}
	if errors.Is(err, errMustSet) {
		http.Redirect(x.w, x.r, "/account", http.StatusSeeOther)
		return
	}
	if which := x.r.PathValue("household"); needsPurpose(err) && x.r.Method == http.MethodGet {
		http.Redirect(x.w, x.r, "/purpose/"+url.PathEscape(which), http.StatusSeeOther)
		return
	}
	s.refuse(x, err)
}

// recover answers a panic as our mistake; the transaction has rolled back.
func (s *site) recover(x *exchange) {
	if cause := recover(); cause != nil {
		if cause == http.ErrAbortHandler {
			panic(cause)
		}
		s.refuse(x, panicked{cause})
	}
}

// seeOther sends the reader on after something was done.
func (x *exchange) seeOther(path string) error {
	http.Redirect(x.w, x.r, path, http.StatusSeeOther)
	return nil
}

// offers tells whether the route table has a route: no page links to nothing.
func (s *site) offers(pattern string) bool {
	return slices.ContainsFunc(s.routes, func(r route) bool { return r.pattern == pattern })
}
