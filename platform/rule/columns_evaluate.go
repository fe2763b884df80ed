package rule

// Evaluator computes rules over ranges of the households of Columns. It keeps
// its memory from one call to the next and is used by one goroutine.
type Evaluator struct {
	columns *Columns
	arena   arena
	range_  [2]int
	base    *space
	own     *space // each member of the range, for rules about members
	ends    []int32
	equal   []int64 // of each of the frame's texts: whether it is equalTo
	equalTo string
}

// Evaluator returns an evaluator over these columns.
func (c *Columns) Evaluator() *Evaluator { return &Evaluator{columns: c, range_: [2]int{-1, -1}} }

// Answers are a rule's values for a range: one a household, or for a rule about
// members one a member, in their order. They are valid until the evaluator's next
// call.
type Answers struct {
	rule   *Rule
	vector vector
	rows   int
}

// Rows is how many answers there are.
func (a *Answers) Rows() int { return a.rows }

// At is one of the answers. It is a failure's unknown where the computation has
// none: see Failure.
func (a *Answers) At(row int) Value {
	v := a.vector.at(row)
	if v.state == failed {
		return Value{kind: v.kind}
	}
	return v
}

// Failure is the first row whose computation has no answer, and why, as
// Rule.Evaluate says it; -1 and nil where there is none.
func (a *Answers) Failure() (row int, err error) {
	if a.vector.settled || a.vector.state == nil {
		return -1, nil
	}
	for i, s := range a.vector.state {
		if s == failed {
			return i, a.rule.failureOf(a.vector.at(i))
		}
	}
	return -1, nil
}

// Evaluate answers a rule for the households from and up to a place.
func (e *Evaluator) Evaluate(r *Rule, from, to int) Answers {
	e.arena.reset()
	if e.range_ != [2]int{from, to} {
		e.range_, e.base, e.own = [2]int{from, to}, householdSpace(from, to), nil
	}
	t := table{Evaluator: e, rule: r, hoisted: make([]*vector, len(r.nodes))}
	s := e.base
	if r.scope == ForMember {
		s = e.everybody()
	}
	return Answers{rule: r, vector: t.node(int32(len(r.nodes)-1), s), rows: s.rows}
}

// everybody is the space of all members of the range.
func (e *Evaluator) everybody() *space {
	if e.own == nil {
		e.own, e.ends = e.columns.within(e.base, 0)
	}
	return e.own
}

// table is one rule under way.
type table struct {
	*Evaluator
	rule    *Rule
	hoisted []*vector // what rests on no member variable, by node, a row a household
}

// node computes a node for the rows of a space.
func (t *table) node(i int32, s *space) vector {
	n := &t.rule.nodes[i]
	if n.operation > opParameter && !s.single && t.rule.depends[i] == 0 {
		if t.hoisted[i] == nil {
			v := t.compute(n, i, t.base)
			t.hoisted[i] = &v
		}
		return t.arena.spread(*t.hoisted[i], s)
	}
	return t.compute(n, i, s)
}

func (t *table) compute(n *node, i int32, s *space) vector {
	frame := t.columns.Frame
	switch n.operation {
	case opConstant:
		return t.arena.same(t.rule.constants[n.slot])
	case opInput:
		return t.arena.same(read(frame.Inputs, n.slot, n.kind, i))
	case opParameter:
		return t.arena.same(read(frame.Parameters, n.slot, n.kind, i))
	case opBound:
		return t.bound(int(n.slot), s)
	case opHouseholdFact:
		return t.householdFact(n, s)
	case opMemberFact:
		return t.memberFact(n, i, s)
	case opExists, opAll, opCount, opSum, opEarliest, opLatest:
		return t.loop(n, i, s)
	case opAnd, opOr, opIn:
		return t.chain(n, s)
	case opChoose:
		return t.choose(n, s)
	}
	return t.operate(n, i, s)
}

// bound is a member variable as a reference: its place within the household.
func (t *table) bound(slot int, s *space) vector {
	v := t.arena.sure(KindMember, s.rows)
	for row := range s.rows {
		v.number[row] = int64(s.memberAt(slot, row) - t.columns.starts[s.householdOf(row)])
	}
	return v
}

func (s *space) memberAt(slot, row int) int32 {
	if s.first[slot] >= 0 {
		return s.first[slot] + int32(row)
	}
	return s.member[slot][row]
}

func (t *table) householdFact(n *node, s *space) vector {
	c := &t.columns.household[n.slot]
	if s.household == nil {
		return t.arena.load(c, int(s.base), s.rows)
	}
	return t.arena.pick(c, s.household)
}

// memberFact reads a fact of a variable's member, or of whom a reference names.
func (t *table) memberFact(n *node, i int32, s *space) vector {
	c := &t.columns.members[n.slot]
	whose := t.rule.kids[n.first]
	if k := &t.rule.nodes[whose]; k.operation == opBound {
		if first := s.first[k.slot]; first >= 0 {
			return t.arena.load(c, int(first), s.rows)
		}
		return t.arena.pick(c, s.member[k.slot])
	}
	reference := t.node(whose, s)
	rows := t.arena.places(s.rows)
	broken := false
	for row := range rows {
		to := reference.at(row)
		h := s.householdOf(row)
		rows[row] = t.columns.starts[h] + int32(to.number)
		if to.state != known {
			rows[row] = -1
		} else if to.number < 0 || rows[row] >= t.columns.starts[h+1] {
			rows[row], broken = -1, true
		}
		broken = broken || to.state == failed
	}
	v := t.arena.pickKnown(c, rows)
	if broken {
		return t.broken(v, reference, n, i, s)
	}
	return v
}

// broken notes failures of references, and references that lead out of the
// household.
func (t *table) broken(v, reference vector, n *node, i int32, s *space) vector {
	out := t.arena.open(n.kind, s.rows)
	for row := range s.rows {
		out.set(row, v.at(row))
		to := reference.at(row)
		h := s.householdOf(row)
		members := int64(t.columns.starts[h+1] - t.columns.starts[h])
		switch {
		case to.state == failed:
			out.set(row, Value{to.number, n.kind, failed})
		case to.state == known && (to.number < 0 || to.number >= members):
			out.set(row, Value{failedAt(failedFact, i), n.kind, failed})
		}
	}
	out.judge()
	return out
}

// loop computes the loop's kids for every member of every row's household, and
// folds each household's into one.
func (t *table) loop(n *node, i int32, s *space) vector {
	inner := t.everybody()
	ends := t.ends
	if s != t.base || n.slot != 0 {
		if s == t.base {
			inner = t.own.renamed(int(n.slot))
		} else {
			inner, ends = t.columns.within(s, int(n.slot))
		}
	}
	kids := t.rule.kidsOf(n)
	first := t.node(kids[0], inner)
	second := vector{uniform: true}
	if len(kids) > 1 {
		second = t.node(kids[1], inner)
	}
	if first.sure() && (len(kids) == 1 || second.sure()) {
		if v, done := t.foldSure(n, &first, &second, ends, len(kids)); done {
			return v
		}
	}
	return t.foldOpen(n, i, &first, &second, ends, len(kids))
}

// renamed is the space of all members with another variable bound to them.
func (s *space) renamed(slot int) *space {
	other := *s
	for k := range other.first {
		other.member[k], other.first[k] = nil, -1
	}
	other.member[slot], other.first[slot] = s.member[0], s.first[0]
	return &other
}

// foldSure folds what is known everywhere. Sums that could be too large are left
// to foldOpen.
func (t *table) foldSure(n *node, first, second *vector, ends []int32, kids int) (vector, bool) {
	if n.operation == opEarliest || n.operation == opLatest {
		return vector{}, false
	}
	v := t.arena.sure(n.kind, len(ends))
	if kids == 1 && !first.uniform && first.small(len(first.number)) {
		totals(v.number, first.number, ends)
	} else if !t.totalsChecked(v.number, first, second, ends, kids, n.operation == opSum) {
		return vector{}, false
	}
	switch n.operation {
	case opExists:
		for h, sum := range v.number {
			v.number[h] = truthOf(sum > 0)
		}
	case opAll:
		before := int32(0)
		for h, sum := range v.number {
			v.number[h], before = truthOf(sum == int64(ends[h]-before)), ends[h]
		}
	}
	return v, true
}

// totals adds up each household's small numbers.
func totals(to, from []int64, ends []int32) {
	row := 0
	for h, end := range ends {
		var sum int64
		for _, n := range from[row:end] {
			sum += n
		}
		to[h], row = sum, int(end)
	}
}

// totalsChecked adds up what conditions leave over, and gives up where a sum
// might become too large.
func (t *table) totalsChecked(to []int64, first, second *vector, ends []int32, kids int, check bool) bool {
	row := 0
	for h, end := range ends {
		var sum int64
		for ; row < int(end); row++ {
			switch {
			case kids == 1:
				sum += first.numberAt(row)
			case first.numberAt(row) != 0:
				sum += second.numberAt(row)
			}
			if check && (sum > largeSum || sum < -largeSum) {
				return false
			}
		}
		to[h] = sum
	}
	return true
}

// largeSum bounds what totalsChecked adds: below it no single step can overflow,
// because each summand is checked after it was added.
const largeSum = 1 << 61

func truthOf(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

func (v *vector) numberAt(row int) int64 {
	if v.uniform {
		return v.number[0]
	}
	return v.number[row]
}

// foldOpen folds by the words of the evaluator of one household.
func (t *table) foldOpen(n *node, i int32, first, second *vector, ends []int32, kids int) vector {
	v := t.arena.open(n.kind, len(ends))
	row := 0
	for h, end := range ends {
		result := loopStart(n)
		for ; row < int(end); row++ {
			one := first.at(row)
			if kids > 1 {
				one = summandOf(one, n.kind, func() Value { return second.at(row) }, t.rule.nodes[t.rule.kids[n.first]].fallible, noughtOf(n))
			}
			result = loopStep(n, i, result, one)
		}
		v.set(h, result)
	}
	v.judge()
	return v
}
