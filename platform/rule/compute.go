package rule

// compute gives a node its value from its kids. Which kids are looked at never
// changes the value: no without the rest of an "and" is what no with it is.
// So the fast path may stop early and the traced path may look at everything.
func (e *evaluation) compute(i int32) Value {
	n := &e.rule.nodes[i]
	switch n.operation {
	case opConstant:
		return e.rule.constants[n.slot]
	case opMemberFact:
		return e.memberFact(n, i)
	case opBound:
		return Value{e.bound[n.slot], KindMember, known}
	case opInput:
		return read(e.frame.Inputs, n.slot, n.kind, i)
	case opParameter:
		return read(e.frame.Parameters, n.slot, n.kind, i)
	case opHouseholdFact:
		return read(e.frame.Household, n.slot, n.kind, i)
	case opAnd:
		return e.and(n)
	case opOr:
		return e.or(n)
	case opChoose:
		return e.choose(n)
	case opIn:
		return e.in(n)
	case opExists, opAll, opCount, opSum, opEarliest, opLatest:
		return e.loop(n, i)
	case opTable:
		return e.lookUp(n, i)
	}
	return e.operate(n, i)
}

// read takes a value that the caller filled in; one of the wrong kind is a
// mistake of the program and must not be taken for a fact.
func read(values []Value, slot int32, kind Kind, at int32) Value {
	if int(slot) >= len(values) {
		return Value{failedAt(failedFact, at), kind, failed}
	}
	v := values[slot]
	switch {
	case v.state == unknown:
		return Value{kind: kind}
	case v.kind != kind || v.state == absent && kind != KindDate && kind != KindMember:
		return Value{failedAt(failedFact, at), kind, failed}
	}
	return v
}

// failedAt packs why and where a computation failed.
func failedAt(why failure, at int32) int64 { return int64(why)<<32 | int64(at+1) }

func (e *evaluation) memberFact(n *node, i int32) Value {
	member := e.value(e.rule.kids[n.first])
	e.read = -1
	if member.state != known {
		return either(member, member, n.kind)
	}
	if uint64(member.number) >= uint64(e.frame.Count) || e.frame.Count*e.width > len(e.frame.Members) {
		return Value{failedAt(failedFact, i), n.kind, failed}
	}
	e.read = int32(member.number)
	return read(e.frame.Members, int32(member.number)*int32(e.width)+n.slot, n.kind, i)
}

// and is no where one is no; else a failure where one failed; else unknown
// where one is unknown.
func (e *evaluation) and(n *node) Value {
	result := yes
	for _, kid := range e.rule.kidsOf(n) {
		v := e.value(kid)
		if v == no && !e.noting {
			return no
		}
		result = conjunction(result, v)
	}
	return result
}

func conjunction(a, b Value) Value {
	switch {
	case a == no || b == no:
		return no
	case a == yes:
		return b
	case b == yes:
		return a
	}
	return either(a, b, KindTruth)
}

func (e *evaluation) or(n *node) Value {
	result := no
	for _, kid := range e.rule.kidsOf(n) {
		v := e.value(kid)
		if v == yes && !e.noting {
			return yes
		}
		result = disjunction(result, v)
	}
	return result
}

func disjunction(a, b Value) Value {
	switch {
	case a == yes || b == yes:
		return yes
	case a == no:
		return b
	case b == no:
		return a
	}
	return either(a, b, KindTruth)
}

// choose takes one branch; where the condition is unknown it is what both
// branches agree on, unless the condition could turn out to have no answer.
func (e *evaluation) choose(n *node) Value {
	kids := e.rule.kidsOf(n)
	condition := e.value(kids[0])
	switch {
	case condition == yes:
		return e.value(kids[1])
	case condition == no:
		return e.value(kids[2])
	case condition.state == failed:
		return Value{condition.number, n.kind, failed}
	}
	return chosen(condition, e.value(kids[1]), e.value(kids[2]), n.kind, e.rule.nodes[kids[0]].fallible)
}

// chosen is one of two values by a condition.
func chosen(condition, first, second Value, kind Kind, fallible bool) Value {
	switch {
	case condition == yes:
		return first
	case condition == no:
		return second
	case condition.state == failed:
		return Value{condition.number, kind, failed}
	case first == second && first.state != failed && !fallible:
		return first
	}
	return either(first, second, kind)
}

func (e *evaluation) in(n *node) Value {
	kids := e.rule.kidsOf(n)
	what := e.value(kids[0])
	result := no
	for _, kid := range kids[1:] {
		v := e.compare(what, e.value(kid), equal)
		if v == yes && !e.noting {
			return yes
		}
		result = disjunction(result, v)
	}
	return result
}

// compare answers whether a stands to b in one of the wanted ways.
func (e *evaluation) compare(a, b Value, wanted uint8) Value {
	if a.state == known && b.state == known {
		if a.kind == KindText {
			return among(e.sameText(a, b), wanted)
		}
		return among(order(a, b), wanted)
	}
	if a.state == unknown || b.state == unknown || a.state == failed || b.state == failed {
		return either(a, b, KindTruth)
	}
	if a.kind == KindMember { // nobody is nobody's same
		return among(less|greater, wanted)
	}
	return among(order(a, b), wanted)
}

func (e *evaluation) sameText(a, b Value) uint8 {
	if e.text(a) == e.text(b) {
		return equal
	}
	return less | greater
}

func (e *evaluation) text(v Value) string {
	if v.number < 0 {
		return e.rule.texts[-1-v.number]
	}
	if v.number >= int64(len(e.frame.Texts)) {
		return ""
	}
	return e.frame.Texts[v.number]
}

// operate is for operations that need the values of all their kids, one or two.
func (e *evaluation) operate(n *node, i int32) Value {
	a := e.value(e.rule.kids[n.first])
	if n.count == 1 {
		return e.single(n, a, i)
	}
	b := e.value(e.rule.kids[n.first+1])
	switch n.operation {
	case opCompare:
		return e.compare(a, b, n.ways)
	case opAge:
		return ageOn(a, b)
	case opMonths:
		return monthsSince(a, b)
	}
	if a.state != known || b.state != known {
		return either(a, b, n.kind)
	}
	return placed(calculate(n, a, b), i)
}

func calculate(n *node, a, b Value) Value {
	switch n.operation {
	case opAdd:
		return add(a, b)
	case opSubtract:
		return subtract(a, b)
	case opMultiply:
		return multiply(a, b, n.kind)
	case opDivide:
		return divide(a, b, n.kind, n.how)
	case opPortion:
		return portion(a, b, n.kind, n.how)
	}
	if (n.operation == opLeast) == (a.number < b.number) {
		return a
	}
	return b
}

func (e *evaluation) single(n *node, a Value, i int32) Value { return alone(n, a, i) }

// alone computes an operation of one value.
func alone(n *node, a Value, i int32) Value {
	switch {
	case n.operation == opPresent && a.state <= absent && a.state != unknown:
		return Bool(a.state == known)
	case a.state != known:
		return either(a, a, n.kind)
	case n.operation == opNot:
		return Bool(a.number == 0)
	case n.operation == opConvert:
		return placed(convert(a, n.kind, n.how), i)
	}
	return placed(subtract(Value{0, a.kind, known}, a), i)
}

// placed notes the node at which a computation failed, unless a kid failed before.
func placed(v Value, i int32) Value {
	if v.state == failed && int32(v.number) == 0 {
		v.number |= int64(i + 1)
	}
	return v
}

func (e *evaluation) loop(n *node, i int32) Value {
	kids := e.rule.kidsOf(n)
	result := loopStart(n)
	outer := e.turn
	defer func() { e.turn = outer }()
	for member := range int64(e.frame.Count) {
		e.bound[n.slot], e.turn = member, int32(member)
		one := e.value(kids[0])
		if len(kids) > 1 {
			one = e.summand(n, kids, one)
		}
		result = loopStep(n, i, result, one)
		if !e.noting && (n.operation == opExists && result == yes || n.operation == opAll && result == no) {
			return result
		}
	}
	return result
}

// loopStart is what a loop over nobody comes to.
func loopStart(n *node) Value {
	if n.operation == opAll {
		return yes
	}
	return noughtOf(n)
}

// noughtOf is what a member adds who does not count.
func noughtOf(n *node) Value {
	if n.operation == opEarliest || n.operation == opLatest {
		return Absent(KindDate)
	}
	return Value{0, n.kind, known}
}

// loopStep takes one more member's value into a loop's result.
func loopStep(n *node, i int32, result, one Value) Value {
	switch n.operation {
	case opExists:
		return disjunction(result, one)
	case opAll:
		return conjunction(result, one)
	case opCount:
		return placed(plus(result, Value{one.number, KindInteger, one.state}), i)
	case opEarliest:
		return outermost(result, one, less)
	case opLatest:
		return outermost(result, one, greater)
	}
	return placed(plus(result, one), i)
}

// outermost is the earlier or later of two dates; who has no such date is passed
// over. Where it is not known which it is, it is unknown.
func outermost(a, b Value, wanted uint8) Value {
	switch {
	case a.state == unknown || a.state == failed || b.state == unknown || b.state == failed:
		return either(a, b, KindDate)
	case a.state == absent:
		return b
	case b.state == absent || among(order(a, b), wanted|equal) == yes:
		return a
	case among(order(b, a), wanted|equal) == yes:
		return b
	}
	return Value{kind: KindDate}
}

// summand is what one member adds to a sum or gives to choose from: nothing where
// the condition says no, and where it is unknown whether nothing would be added,
// unless the condition could turn out to have no answer.
func (e *evaluation) summand(n *node, kids []int32, first Value) Value {
	return summandOf(first, n.kind, func() Value { return e.value(kids[1]) }, e.rule.nodes[kids[0]].fallible, noughtOf(n))
}

func summandOf(first Value, kind Kind, value func() Value, fallible bool, nought Value) Value {
	switch {
	case first == no:
		return nought
	case first.state == failed:
		return Value{first.number, kind, failed}
	}
	amount := value()
	if first == yes || amount.state == failed || amount == nought && !fallible {
		return amount
	}
	return Value{kind: kind}
}

// plus adds, or passes on that one of the two has no value.
func plus(a, b Value) Value {
	if a.state != known || b.state != known {
		return either(a, b, a.kind)
	}
	return add(a, b)
}
