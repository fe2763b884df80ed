package population

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

// Blocks hands the households of some so many persons, by the mean size of a
// household, to functions that begin makes, each on a goroutine of its own. Which
// household goes to which is left open, and so is their order; the households
// are always the same. A household belongs to the function during the call only.
func Blocks(ctx context.Context, s *Settings, persons int, begin func() (func(*Household) error, error)) error {
	blocks := (persons*1000/s.meanSize() + blockSize - 1) / blockSize
	var next atomic.Int64
	var drawing sync.WaitGroup
	errs := make([]error, runtime.GOMAXPROCS(0))
	for i := range errs {
		take, err := begin()
		if err != nil {
			next.Store(int64(blocks))
			drawing.Wait()
			return err
		}
		drawing.Go(func() {
			d := newDrawer(s)
			var households [blockSize]Household
			for ctx.Err() == nil && errs[i] == nil {
				b := int(next.Add(1)) - 1
				if b >= blocks {
					return
				}
				d.block(b, households[:])
				for n := range households {
					if errs[i] = take(&households[n]); errs[i] != nil {
						return
					}
				}
			}
		})
	}
	drawing.Wait()
	return errors.Join(append(errs, ctx.Err())...)
}

// Country is how many households the whole country has by these settings.
func (s *Settings) Country() int64 {
	people := 0
	for _, n := range s.Figures["people"].Values {
		people += n
	}
	return int64(people) * 1000 / int64(s.meanSize())
}

// meanSize is how many members a household has on average, in thousandths.
func (s *Settings) meanSize() int {
	sum, households := 0, 0
	for size, share := range s.Figures["household_size"].Values {
		n, _ := strconv.Atoi(size)
		sum += n * share
		households += share
	}
	return max(sum*1000/max(households, 1), 1000)
}
