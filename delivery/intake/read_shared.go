package intake

import (
	"encoding/binary"

	"sanad/platform/fault"
)

// sharedTexts are the texts that a workbook's cells refer to by number. They
// must stay in memory, so they lie packed in blocks, each text behind its
// length; a text is never longer than a block.
type sharedTexts struct {
	limit    int64
	used     int64
	blocks   [][]byte
	places   [][]uint32 // of each text: block<<20 | offset, in groups of groupSize
	count    uint64
	current  []byte
	wanted   bool // inside <t>
	phonetic bool
}

const (
	blockSize = 1 << 20
	groupSize = 1 << 16
)

// visit takes one token of xl/sharedStrings.xml.
func (s *sharedTexts) visit(x *xmlReader) error {
	switch {
	case x.kind == xmlText:
		if s.wanted && !s.phonetic {
			if len(s.current)+len(x.text) > blockSize/2 {
				return fault.Invalid("intake.cell_too_long", "limit", blockSize/2>>10)
			}
			s.current = append(s.current, x.text...)
		}
	case x.name == "t":
		s.wanted = x.kind == xmlStart
	case x.name == "rPh":
		s.phonetic = x.kind == xmlStart
	case x.name == "si" && x.kind == xmlStart:
		s.current = s.current[:0]
	case x.name == "si":
		return s.keep()
	}
	return nil
}

// keep packs the current text.
func (s *sharedTexts) keep() error {
	s.used += int64(len(s.current)) + 8
	if s.used > s.limit {
		return fault.Invalid("intake.shared_texts", "limit", s.limit>>20)
	}
	last := len(s.blocks) - 1
	if last < 0 || len(s.blocks[last])+len(s.current)+binary.MaxVarintLen32 > blockSize {
		s.blocks = append(s.blocks, make([]byte, 0, blockSize))
		last++
	}
	block := s.blocks[last]
	if s.count%groupSize == 0 {
		s.places = append(s.places, make([]uint32, 0, groupSize))
	}
	group := &s.places[len(s.places)-1]
	*group = append(*group, uint32(last)<<20|uint32(len(block)))
	block = binary.AppendUvarint(block, uint64(len(s.current)))
	s.blocks[last] = append(block, s.current...)
	s.count++
	return nil
}

// at returns a text by its number; it must not be changed.
func (s *sharedTexts) at(index int) ([]byte, bool) {
	if index < 0 || uint64(index) >= s.count {
		return nil, false
	}
	place := s.places[index/groupSize][index%groupSize]
	block := s.blocks[place>>20][place&(blockSize-1):]
	length, n := binary.Uvarint(block)
	return block[n : n+int(length)], true
}
