package web

import "strings"

// letters is a piece of a spelling; what differs from the other one is marked.
type letters struct {
	Text string
	Mark bool
}

// spelt compares two spellings letter by letter and returns both in pieces.
// Arabic letters on either side of a mark keep the form in which they are joined.
func spelt(a, b string) (one, other []letters) {
	x, y := []rune(a), []rune(b)
	common := commonLetters(x, y)
	one, other = pieces(x, common, 0), pieces(y, common, 1)
	return one, other
}

// commonLetters are the places of a longest common subsequence.
func commonLetters(x, y []rune) (common [][2]int) {
	longest := make([][]int, len(x)+1)
	for i := range longest {
		longest[i] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] == y[j]:
			common = append(common, [2]int{i, j})
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return common
}

func pieces(word []rune, common [][2]int, side int) (list []letters) {
	next := 0
	for at, r := range word {
		mark := true
		if next < len(common) && common[next][side] == at {
			mark, next = false, next+1
		}
		text := string(r)
		if n := len(list); n > 0 && list[n-1].Mark == mark {
			list[n-1].Text += text
			continue
		}
		if at > 0 && joins(word[at-1]) && arabic(r) {
			list[len(list)-1].Text += joiner
			text = joiner + text
		}
		list = append(list, letters{text, mark})
	}
	return list
}

// joiner keeps the joined form of a letter whose neighbour stands in another
// element.
const joiner = "\u200d"

func arabic(r rune) bool { return r >= 'ء' && r <= 'ي' }

// joins tells whether an Arabic letter is joined to the one after it.
func joins(r rune) bool { return arabic(r) && !strings.ContainsRune("اأإآٱدذرزوؤةىء", r) }
