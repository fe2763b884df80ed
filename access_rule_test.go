package sanad

import (
	"go/ast"
	"strings"
	"testing"
)

// withoutRequire are the exported verbs of the delivery chain that take a
// transaction and do not name the capability they need, each with its reason:
// what else keeps a stranger from the data. An auditor reads this list.
var withoutRequire = map[string]string{
	"delivery/enrolment.StandingOf":    "feeds payment lists and the ledger, whose verbs ask for a capability of their own",
	"delivery/matching.Clusters":       "reveals identifiers only; a run of a programme asks for run_programme",
	"delivery/matching.EachLink":       "reveals identifiers only, to verbs that ask for a capability of their own",
	"delivery/matching.DropMatches":    "takes away this node's own evidence, which decides nothing; the search for duplicates asks",
	"delivery/matching.EachMatch":      "reveals identifiers only, to verbs that ask for a capability of their own",
	"delivery/matching.Forget":         "closes links of records that RevertStatement removed, which asks for revert_import",
	"delivery/matching.KeepMatches":    "writes this node's own evidence, which decides nothing; the search for duplicates asks",
	"delivery/matching.MatchOf":        "reveals identifiers only, to verbs that ask for a capability of their own",
	"delivery/matching.MatchesBelow":   "reveals identifiers only, to verbs that ask for a capability of their own",
	"delivery/matching.MatchesOf":      "reveals identifiers only, to verbs that ask for a capability of their own",
	"delivery/matching.Memory.Look":    "answers only Identify, which asks for import_files before it uses it",
	"delivery/matching.CountedApart":   "reveals one truth about an identifier, to verbs that ask for a capability of their own",
	"delivery/matching.EachToldApart":  "reveals identifiers only; the search for duplicates leaves these pairs out",
	"delivery/matching.Humans":         "reveals identifiers only; a run of a programme asks for run_programme",
	"delivery/matching.Repeated":       "counts records by branch, names nobody; the dashboard asks for see_dashboard",
	"delivery/matching.Steps":          "reveals what comparisons weigh, no fact of anybody",
	"delivery/matching.ToldApart":      "reveals one truth about identifiers, to verbs that ask for a capability of their own",
	"delivery/registry.AskBranch":      "opens a question for verbs of later steps, which ask for a capability of their own",
	"delivery/matching.Pairs":          "counts links, names nobody",
	"delivery/matching.SameAs":         "reveals identifiers only, to verbs that ask for a capability of their own",
	"delivery/payment.Stakes":          "sums by identifier, to verbs that ask for a capability of their own",
	"delivery/policy.DueLast":          "sums by identifier, to verbs that ask for a capability of their own",
	"delivery/policy.Decided":          "tells when a month was decided and by which release, nothing of a family",
	"delivery/policy.DecidedMonths":    "tells which months were decided, nothing of a family",
	"delivery/policy.EverDecided":      "tells which programmes were decided, nothing of a family",
	"delivery/policy.DecisionsOf":      "feeds the ledger, whose verbs ask for prepare_list, approve_list or run_programme first",
	"delivery/policy.Redecided":        "reveals identifiers only, to verbs that ask for a capability of their own",
	"delivery/policy.EachDecision":     "feeds lists and exports, whose verbs ask for prepare_list or see_decision first",
	"delivery/policy.DraftOf":          "a programme's text is the law as written, and what it changes is counted, nobody named",
	"delivery/policy.Drafts":           "a programme's text is the law as written, and what it changes is counted, nobody named",
	"delivery/policy.Draft.Opened":     "tells the actor what the actor opened",
	"delivery/policy.Deciding":         "a programme's text is the law as written, public",
	"delivery/policy.ForMonth":         "a programme's text is the law as written, public",
	"delivery/policy.ReleaseNamed":     "a programme's text is the law as written, public",
	"delivery/policy.ReleaseOf":        "a programme's text is the law as written, public",
	"delivery/matching.Uncounted":      "reveals identifiers only; a run of a programme asks for run_programme",
	"delivery/registry.Happened.Vet":   "asked by the journal of what another node sent; sync.Import asks for sync first",
	"delivery/registry.TaskClosed.Vet": "asked by the journal of what another node sent; sync.Import asks for sync first",
	"delivery/registry.TaskOpened.Vet": "asked by the journal of what another node sent; sync.Import asks for sync first",
}

func TestVerbsNameTheCapabilityTheyNeed(t *testing.T) {
	found, open := openVerbs(sources(t))
	report(t, found)
	for verb, reason := range withoutRequire {
		if !open[verb] {
			t.Errorf("access_rule_test.go: withoutRequire: %s is gone or asks for a capability now; take it off the list", verb)
		}
		if len(reason) < 20 {
			t.Errorf("access_rule_test.go: withoutRequire: %s needs a reason that an auditor can judge", verb)
		}
	}
}

// openVerbs finds the verbs that do not call access.Require or
// access.RequireReading, themselves or through a function of their own package.
func openVerbs(all []source) (found []finding, open map[string]bool) {
	open = map[string]bool{}
	asking := askingFunctions(all)
	for _, s := range all {
		if s.isTest() || !s.within("delivery") || forTests(s.folder()) {
			continue
		}
		for _, f := range s.functions() {
			verb := s.folder() + "." + fullName(f)
			if !isExported(f) || !takesTransaction(f) || asking[s.folder()][f.Name.Name] {
				continue
			}
			open[verb] = true
			if withoutRequire[verb] == "" {
				found = append(found, s.at(f, "%s takes a transaction and never calls access.Require or access.RequireReading; add the call, or list %q with its reason in access_rule_test.go", fullName(f), verb))
			}
		}
	}
	return found, open
}

// askingFunctions returns, by folder, the names of functions that ask for a
// capability. Functions that call one of these ask too.
func askingFunctions(all []source) map[string]map[string]bool {
	asking := map[string]map[string]bool{}
	for more := true; more; {
		more = false
		for _, s := range all {
			if s.isTest() || !s.within("delivery") {
				continue
			}
			if asking[s.folder()] == nil {
				asking[s.folder()] = map[string]bool{}
			}
			for _, f := range s.functions() {
				if known := asking[s.folder()]; !known[f.Name.Name] && asks(f, known) {
					known[f.Name.Name], more = true, true
				}
			}
		}
	}
	return asking
}

func asks(f *ast.FuncDecl, known map[string]bool) (yes bool) {
	if f.Body == nil {
		return false
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch called := call.Fun.(type) {
		case *ast.Ident:
			yes = yes || known[called.Name]
		case *ast.SelectorExpr:
			x, ok := called.X.(*ast.Ident)
			yes = yes || ok && x.Name == "access" && strings.HasPrefix(called.Sel.Name, "Require")
		}
		return true
	})
	return yes
}

func takesTransaction(f *ast.FuncDecl) bool {
	for _, p := range f.Type.Params.List {
		pointer, ok := p.Type.(*ast.StarExpr)
		if ok && isOf(pointer.X, "store", "Tx") {
			return true
		}
	}
	return false
}

// isExported tells whether other packages can call a function: its own name and
// its receiver's begin with a capital.
func isExported(f *ast.FuncDecl) bool {
	return f.Name.IsExported() && (f.Recv == nil || ast.IsExported(receiver(f)))
}

// receiver is the name of the type that a method belongs to.
func receiver(f *ast.FuncDecl) string {
	t := f.Recv.List[0].Type
	for {
		switch inner := t.(type) {
		case *ast.StarExpr:
			t = inner.X
		case *ast.IndexExpr:
			t = inner.X
		case *ast.IndexListExpr:
			t = inner.X
		case *ast.Ident:
			return inner.Name
		default:
			return ""
		}
	}
}

// fullName is Name, or Type.Name for a method.
func fullName(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	return receiver(f) + "." + f.Name.Name
}

func TestAccessRuleFindsOpenVerbs(t *testing.T) {
	text := `package registry
func Open(ctx context.Context, tx *store.Tx) {}
func Shut(tx *store.Tx) { access.Require(tx, access.RegisterHousehold, 1) }
func Indirect(tx *store.Tx) { if err := may(tx); err != nil { return } }
func may(tx *store.Tx) error { return access.RequireReading(tx, 1) }
func inner(tx *store.Tx) {}
func Pure(n int) {}
func (l List) Other(tx *store.Tx) { other.Require(tx) }
func (l *hidden) Method(tx *store.Tx) {}
`
	_, open := openVerbs(sample(t, "delivery/registry/a.go", text))
	if len(open) != 2 || !open["delivery/registry.Open"] || !open["delivery/registry.List.Other"] {
		t.Errorf("found %v", open)
	}
}
