package journal

import (
	"runtime"
	"sync"
)

// ordered does costly work on many things with all processors and hands the
// results on in their order, a batch at a time.
type ordered[In, Out any] struct {
	work  func(In) (Out, error)
	hand  func(Out) error
	batch []In
}

// orderedBatch is the number of things worked on together.
const orderedBatch = 2048

func newOrdered[In, Out any](work func(In) (Out, error), hand func(Out) error) *ordered[In, Out] {
	return &ordered[In, Out]{work: work, hand: hand}
}

func (o *ordered[In, Out]) add(in In) error {
	o.batch = append(o.batch, in)
	if len(o.batch) < orderedBatch {
		return nil
	}
	return o.flush()
}

func (o *ordered[In, Out]) flush() error {
	out := make([]Out, len(o.batch))
	errs := make([]error, len(o.batch))
	workers := runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	for n := range workers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := n; i < len(o.batch); i += workers {
				out[i], errs[i] = o.work(o.batch[i])
			}
		}()
	}
	wait.Wait()
	o.batch = o.batch[:0]
	for i := range out {
		if errs[i] != nil {
			return errs[i]
		}
		if err := o.hand(out[i]); err != nil {
			return err
		}
	}
	return nil
}
