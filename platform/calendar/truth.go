package calendar

// Truth is an answer of three-valued logic (Kleene): a fact that is not known
// is neither yes nor no.
type Truth int8

// The three answers. The zero Truth is unknown.
const (
	Maybe Truth = 0 // not known
	Yes   Truth = 1
	No    Truth = -1
)

// True returns Yes or No for what is known.
func True(condition bool) Truth {
	if condition {
		return Yes
	}
	return No
}

// And is No where either is No, whatever the other may be.
func (t Truth) And(other Truth) Truth { return min(t, other) }

// Or is Yes where either is Yes, whatever the other may be.
func (t Truth) Or(other Truth) Truth { return max(t, other) }

// Not turns Yes and No; what is not known stays so.
func (t Truth) Not() Truth { return -t }

// String is yes, no or unknown, for logs and files.
func (t Truth) String() string {
	switch {
	case t > 0:
		return "yes"
	case t < 0:
		return "no"
	}
	return "unknown"
}
