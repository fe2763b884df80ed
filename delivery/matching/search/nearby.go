package search

import (
	"hash/maphash"
	"unicode/utf8"
)

// nearby finds words that lie one slip from another: two such words agree after
// at most one letter is taken out of each. Every word stands under its hash and
// that of each of its forms with one letter less. What it finds must be compared
// again: hashes collide, and two letters may differ.
type nearby struct {
	heads []uint32 // by hash: place of the last entry, counted from 1
	next  []uint32 // by entry: the one before it under the same head
	words []uint32 // by entry: the word
	sums  []uint32 // by entry: its hash
}

// seed makes hashes differ between processes, never within one.
var seed = maphash.MakeSeed()

// add takes in a word under a number.
func (n *nearby) add(word string, number uint32) {
	n.each(word, func(sum uint32) {
		if len(n.words) >= len(n.heads) {
			n.widen()
		}
		n.words, n.sums, n.next = grown(n.words), grown(n.sums), grown(n.next)
		n.words, n.sums, n.next = append(n.words, number), append(n.sums, sum), append(n.next, 0)
		n.link(len(n.words) - 1)
	})
}

func (n *nearby) link(entry int) {
	head := &n.heads[n.sums[entry]&uint32(len(n.heads)-1)]
	n.next[entry] = *head
	*head = uint32(entry + 1)
}

// widen doubles the heads and hangs every entry under them anew.
func (n *nearby) widen() {
	n.heads = make([]uint32, max(64, 2*len(n.heads)))
	for entry := range n.words {
		n.link(entry)
	}
}

// each calls f for the word and for every form of it with one letter less.
func (n *nearby) each(word string, f func(sum uint32)) {
	f(uint32(maphash.String(seed, word)))
	var space [128]byte
	for at := 0; at < len(word); {
		_, size := utf8.DecodeRuneInString(word[at:])
		shorter := append(append(space[:0], word[:at]...), word[at+size:]...)
		f(uint32(maphash.Bytes(seed, shorter)))
		at += size
	}
}

// find calls f for every word that may lie within one slip, some more than once.
func (n *nearby) find(word string, f func(number uint32)) {
	if len(n.heads) == 0 {
		return
	}
	n.each(word, func(sum uint32) {
		for e := n.heads[sum&uint32(len(n.heads)-1)]; e > 0; e = n.next[e-1] {
			if n.sums[e-1] == sum {
				f(n.words[e-1])
			}
		}
	})
}
