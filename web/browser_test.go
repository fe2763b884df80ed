package web

import (
	"context"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sanad/platform/text"
)

// openBrowser starts one Chromium for a whole test.
func openBrowser(t *testing.T) (browser context.Context, stop func()) {
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true))...)
	browser, stopBrowser := chromedp.NewContext(allocator)
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	return browser, func() { stopBrowser(); stopAllocator() }
}

// signIn enters by keyboard alone.
func signIn(t *testing.T, browser context.Context, home, login string) {
	t.Helper()
	k := keyboard{t, browser, home}
	k.open("/login")
	k.tabTo("f-login")
	k.press(login)
	k.tabTo("f-password")
	k.press(goodPassword)
	k.enter()
	k.arrives("/")
}

// speak sets the language that the reader chose, by its button.
func speak(t *testing.T, browser context.Context, home string, language text.Language) {
	t.Helper()
	k := keyboard{t, browser, home}
	k.open("/")
	if k.ask("document.documentElement.lang") == string(language) {
		return
	}
	k.tabUntil(`document.activeElement.name === "language"`)
	k.enter()
	k.waits(`document.documentElement.lang === "` + string(language) + `"`)
}

// keyboard is somebody with a browser and no mouse.
type keyboard struct {
	t       *testing.T
	browser context.Context
	home    string
}

func (k keyboard) open(path string) {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.browser, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(k.home+path)); err != nil {
		k.t.Fatalf("%s: %v", path, err)
	}
}

// ask returns the value of a JavaScript expression as text.
func (k keyboard) ask(expression string) string {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.browser, 20*time.Second)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		k.t.Fatalf("%s: %v", expression, err)
	}
	return answer
}

// press types letters or presses one key.
func (k keyboard) press(keys string) {
	k.t.Helper()
	if err := chromedp.Do(k.browser, chromedp.KeyEvent(keys)); err != nil {
		k.t.Fatal(err)
	}
}

func (k keyboard) enter() { k.t.Helper(); k.press(kb.Enter) }

// tabUntil presses Tab until an expression holds of what has the focus.
func (k keyboard) tabUntil(holds string) {
	k.t.Helper()
	for range 150 {
		if k.ask(holds) == "true" {
			return
		}
		k.press(kb.Tab)
	}
	k.t.Fatalf("%s: Tab never reaches %s", k.ask("location.pathname"), holds)
}

func (k keyboard) tabTo(id string) {
	k.t.Helper()
	k.tabUntil(`document.activeElement.id === "` + id + `"`)
}

// follow goes to a link whose address contains some letters.
func (k keyboard) follow(part string) {
	k.t.Helper()
	k.tabUntil(`(document.activeElement.getAttribute("href") || "").includes("` + part + `")`)
	k.enter()
}

// push presses a button of a form by its words or value.
func (k keyboard) push(selector string) {
	k.t.Helper()
	k.tabUntil(`document.activeElement.matches('` + selector + `')`)
	k.enter()
}

// waits until an expression holds, across the change of a page.
func (k keyboard) waits(holds string) {
	k.t.Helper()
	for range 200 {
		ctx, cancel := context.WithTimeout(k.browser, 5*time.Second)
		answer, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && Boolean(`+holds+`)`))
		cancel()
		if err == nil && answer {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	k.t.Fatalf("at %s: waited in vain for %s; the page says: %.300s", k.ask("location.pathname"), holds, k.ask(`(document.querySelector(".error-summary, main") || document.body).innerText`))
}

// arrives waits for an address.
func (k keyboard) arrives(path string) {
	k.t.Helper()
	k.waits(`location.pathname === "` + path + `"`)
}

// sees waits for words on the page.
func (k keyboard) sees(words string) {
	k.t.Helper()
	k.waits(`document.body.innerText.includes("` + words + `")`)
}

// fill goes to a field and writes.
func (k keyboard) fill(id, words string) {
	k.t.Helper()
	k.tabTo(id)
	k.press(words)
}

// choose goes to a group of answers and marks the one with a value, by arrows.
func (k keyboard) choose(name, value string) {
	k.t.Helper()
	k.tabUntil(`document.activeElement.name === "` + name + `"`)
	k.press(" ")
	for range 20 {
		if k.ask(`document.activeElement.checked && document.activeElement.value === "`+value+`"`) == "true" {
			return
		}
		k.press(kb.ArrowDown)
	}
	k.t.Fatalf("no answer %s to %s", value, name)
}

func TestBrowserWorkIsDoneByKeyboardAlone(t *testing.T) {
	m := openMinistry(t)
	browser, stop := openBrowser(t)
	defer stop()
	signIn(t, browser, m.home, "clerk")
	k := keyboard{t, browser, m.home}

	// A family is found by its file number: the slash leads to the search.
	name := m.headName(t)
	k.press("/")
	k.waits(`document.activeElement.id === "q"`)
	k.press(name)
	k.enter()
	k.arrives("/search")
	k.open("/search") // and while she types, before anything is sent
	k.press("/")
	k.waits(`document.activeElement.id === "q"`)
	k.press(name)
	k.waits(`document.querySelector('#found a[href="` + m.household + `"]')`)
	k.follow(m.household)
	k.arrives(m.household)
	k.follow("/decisions/wife-and-children-grant/2026-10")
	k.arrives(m.household + "/decisions/wife-and-children-grant/2026-10")
	k.waits(`document.querySelector(".conditions")`)
	k.follow("/letter")
	k.waits(`document.querySelector(".letterhead")`)
	registerByKeyboard(t, k)

	// The list is signed by another person.
	director, stopDirector := openBrowser(t)
	defer stopDirector()
	signIn(t, director, m.home, "director")
	k = keyboard{t, director, m.home}
	k.follow("/lists")
	k.arrives("/lists")
	k.follow(m.list)
	k.arrives(m.list)
	k.tabTo("f-read")
	k.press(" ")
	k.push(`form[action$="/approve"] button`)
	k.waits(`document.querySelector('form[action$="/export"]')`)
}

// registerByKeyboard takes a family in, step by step, to its receipt.
func registerByKeyboard(t *testing.T, k keyboard) {
	t.Helper()
	k.open("/")
	k.follow("/register")
	k.arrives("/register")
	k.tabTo("f-area")
	k.press(kb.ArrowDown)
	k.fill("f-address", "شارع الجلاء")
	k.push(`button[value="next"]`)
	k.waits(`location.pathname.endsWith("/head")`)
	k.fill("f-first", "سالمة")
	k.fill("f-father", "خليفة")
	k.fill("f-grandfather", "بشير")
	k.fill("f-family", "الزوي")
	k.choose("sex", "female")
	k.fill("f-birth-day", "31")
	k.tabTo("f-birth-month")
	k.press(kb.ArrowDown + kb.ArrowDown)
	k.fill("f-birth-year", "1979")
	k.choose("marital", "widowed")
	k.push(`button[value="next"]`)
	// 31 February: the reader is put on the list of what to mend.
	k.waits(`document.activeElement.classList.contains("error-summary")`)
	k.waits(`document.querySelector('.error-summary a[href="#f-birth-day"]')`)
	k.tabTo("f-birth-day") // what stands in a field is chosen on arrival, and typed over
	k.press("28")
	k.waits(`document.activeElement.value === "28"`)
	k.push(`button[value="next"]`)
	k.waits(`location.pathname.endsWith("/members")`)
	k.fill("f-first", "مروان")
	k.choose("sex", "male")
	k.push(`button[value="next"]`)
	k.waits(`location.pathname.endsWith("/account")`)
	k.push(`button[value="next"]`)
	k.waits(`location.pathname.endsWith("/review")`)
	k.tabTo("f-read")
	k.press(" ")
	k.push(`form[action$="/review"] button`)
	k.waits(`location.pathname.endsWith("/receipt")`)
	k.sees("سالمة")
}

// headName is the name of the head of the ministry's family.
func (m *seat) headName(t *testing.T) string {
	t.Helper()
	v := m.enter(t, "clerk")
	v.open(m.household)
	if found := nameInTitle.FindStringSubmatch(v.page); found != nil {
		return found[1]
	}
	t.Fatal("the household's page has no title")
	return ""
}

var nameInTitle = regexp.MustCompile(`<title>أسرة ([^·<]+?) ·`)

// mainPage is a page that must be looked at.
type mainPage struct{ name, address string }

// mainPages are the main pages of each reader.
func (m *seat) mainPages(t *testing.T) map[string][]mainPage {
	t.Helper()
	decision := m.household + "/decisions/wife-and-children-grant/2026-10"
	return map[string][]mainPage{
		"clerk": {{"today", "/"}, {"search", "/search?q=" + url.QueryEscape(m.headName(t))}, {"household", m.household}, {"household-people", m.household + "/people"},
			{"household-decisions", m.household + "/decisions"}, {"decision", decision}, {"letter", decision + "/letter"}, {"events", m.household + "/events"},
			{"event-marriage", m.household + "/events/marriage"}, {"event-divorce", m.household + "/events/divorce"}, {"event-custody", m.household + "/events/custody"},
			{"correction", m.household + "/correction?fact=area"}, {"register", "/register"}, {"tasks", "/tasks"}},
		"director": {{"dashboard", "/dashboard"}, {"lists", "/lists"}, {"list", m.list}, {"month", "/decisions/wife-and-children-grant/2026-10?state=held"}},
		"officer":  {{"imports", "/imports"}, {"list-own", m.list}, {"lists-prepare", "/lists"}},
		"admin":    {{"people", "/people"}},
	}
}

func TestBrowserMainPagesAreOpenToEverybody(t *testing.T) {
	axe, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v: run npm ci", err)
	}
	m := openMinistry(t)
	for login, pages := range m.mainPages(t) {
		browser, stop := openBrowser(t)
		signIn(t, browser, m.home, login)
		for _, language := range text.Languages {
			speak(t, browser, m.home, language)
			for _, p := range pages {
				if found := findings(t, browser, m.home+p.address, string(axe)); found != "" {
					t.Errorf("%s in %s:\n%s", p.name, language, found)
				}
			}
		}
		stop()
	}
}

// runAxe asks axe-core for what a screen reader or a keyboard would stumble
// over; only serious and critical findings count.
const runAxe = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
	.filter(v => v.impact === "serious" || v.impact === "critical")
	.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(" | ")).join("\n"))`

func findings(t *testing.T, browser context.Context, address, axe string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(browser, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1366, 800), chromedp.Navigate(address), chromedp.Evaluate[chromedp.Void](axe)); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](runAxe, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return strings.TrimSpace(found)
}
