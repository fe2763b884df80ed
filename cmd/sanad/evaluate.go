package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/store"
	"sanad/platform/text"
)

type evaluateCommand struct {
	Date       string `help:"The day for which the law is asked." required:"" placeholder:"YYYY-MM-DD"`
	Members    string `help:"CSV of persons: household, role and facts by their names." required:"" type:"path" placeholder:"M.csv"`
	Households string `help:"CSV of households: household and facts by their names." required:"" type:"path" placeholder:"H.csv"`
	Out        string `help:"Where the outputs go." required:"" type:"path" placeholder:"R.csv"`
	Repeat     int    `help:"Evaluate so many times, and tell the shortest." default:"1"`
	JSON       bool   `name:"json" help:"Print the times as one JSON object."`
}

// evaluated is what the command prints: a contract with those who check from
// outside.
type evaluated struct {
	Persons    int                `json:"persons"`
	Households int                `json:"households"`
	Seconds    map[string]float64 `json:"seconds"` // load, evaluate, write
	PerSecond  map[string]int     `json:"per_second"`
	Peak       int64              `json:"peak_rss_bytes"`
}

// Run computes every output of a country folder (--country, with facts.yaml and
// the files of calculations or programmes) for the people of two tables; no
// database is needed or opened.
func (c evaluateCommand) Run(l *commandLine, s streams) error {
	day, err := calendar.Parse(c.Date)
	if err != nil || day.Precision() != calendar.PrecisionDay {
		return fault.Invalid("sanad.not_a_day", "text", c.Date).At("--date")
	}
	if info, err := os.Stat(l.Country); l.Country != "" && (err != nil || !info.IsDir()) {
		return fault.NotFound("sanad.no_folder", "path", l.Country).At("--country")
	}
	country, err := l.pack()
	if err != nil {
		return err
	}
	pack, err := policy.OpenPack(country)
	if err != nil {
		return err
	}
	done := evaluated{Seconds: map[string]float64{}, PerSecond: map[string]int{}}
	var e *policy.Evaluation
	err = done.timed("load", func() error {
		e, err = pack.Load(day, opener(c.Households), opener(c.Members))
		return err
	})
	if err != nil {
		return err
	}
	done.Persons, done.Households = e.Members(), e.Households()
	for range max(c.Repeat, 1) {
		if err := done.timed("evaluate", e.Run); err != nil {
			return err
		}
	}
	if err := done.timed("write", func() error { return writeWhole(c.Out, e.Write) }); err != nil {
		return err
	}
	return done.print(c.JSON, l, s)
}

// timed keeps the shortest time of a phase.
func (d *evaluated) timed(phase string, work func() error) error {
	start := store.Clock()
	err := work()
	passed := store.Clock().Sub(start).Seconds()
	if before, measured := d.Seconds[phase]; !measured || passed < before {
		d.Seconds[phase] = passed
	}
	return err
}

func (d *evaluated) print(asJSON bool, l *commandLine, s streams) error {
	d.Peak = peak()
	for phase, seconds := range d.Seconds {
		d.PerSecond[phase] = int(float64(d.Persons) / max(seconds, float64(time.Microsecond)/float64(time.Second)))
	}
	if asJSON {
		return json.NewEncoder(s.out).Encode(d)
	}
	_, err := fmt.Fprintln(s.err, text.Say(text.Language(l.Language), "sanad.evaluated", "persons", d.Persons, "count", d.Households,
		"load", fmt.Sprintf("%.3f", d.Seconds["load"]), "evaluate", fmt.Sprintf("%.3f", d.Seconds["evaluate"]),
		"write", fmt.Sprintf("%.3f", d.Seconds["write"]), "memory", d.Peak>>20))
	return err
}

// opener opens a table, as often as it is asked.
func opener(path string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		file, err := os.Open(path)
		if err != nil {
			return nil, fault.NotFound("sanad.no_file", "path", path).Because(err)
		}
		return file, nil
	}
}
