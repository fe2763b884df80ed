package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sanad/delivery/policy"
	"sanad/delivery/strategy"
	"sanad/delivery/strategy/population"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/store"
	"sanad/platform/text"
)

type simulateCommand struct {
	Scenario  string `arg:"" help:"The scenario's file, or the name of one of the country pack." placeholder:"SCENARIO.yaml"`
	Synthetic int    `help:"Try it on an invented population of so many persons, which stands for the country, instead of the registry." placeholder:"N"`
	Seed      uint64 `help:"Another invented population." default:"2026"`
	Sample    string `help:"Ask this share of the registry's households only, such as 10%; the margins say how far that may be off." placeholder:"SHARE"`
	Month     string `help:"Another month than the scenario's." placeholder:"YYYY-MM"`
	Programme string `help:"The standing programme's file, where it is not the country pack's." type:"path" placeholder:"FILE"`
	JSON      bool   `name:"json" help:"Print one JSON object instead of the table."`
	Out       string `help:"Also write result.csv, result.json and reform.yaml (the changed programme) into this folder." type:"path" placeholder:"DIR"`
}

// Run tries a scenario and prints its table; nothing is recorded.
func (c simulateCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	pack, err := l.pack()
	if err != nil {
		return err
	}
	scenario, err := c.scenario(l)
	if err != nil {
		return err
	}
	standing, err := c.standing(l, scenario)
	if err != nil {
		return err
	}
	start := store.Clock()
	prepared := start
	note := func(hundredths int) {
		if hundredths == strategy.Prepared {
			prepared = store.Clock()
		}
	}
	var result *strategy.Result
	if c.Synthetic > 0 {
		settings, err := population.Load(pack, scenario.Month.First())
		if err != nil {
			return err
		}
		settings.Seed = c.Seed
		result, err = strategy.Simulate(ctx, strategy.FromPopulation(settings, c.Synthetic), standing, scenario, note)
		if err != nil {
			return err
		}
	} else if result, err = c.onRegistry(ctx, l, s, standing, scenario); err != nil {
		return err
	}
	fmt.Fprintln(s.err, text.Say(text.Language(l.Language), "strategy.simulated", "count", result.Sample.Drawn, "of", result.Sample.Of,
		"seconds", fmt.Sprintf("%.2f", store.Clock().Sub(start).Seconds()), "calculated", fmt.Sprintf("%.2f", store.Clock().Sub(prepared).Seconds()), "memory", peak()>>20))
	return errors.Join(c.print(result, s), c.keep(result))
}

// scenario reads the file, or the pack's scenario of that name.
func (c simulateCommand) scenario(l *commandLine) (strategy.Scenario, error) {
	raw, err := os.ReadFile(c.Scenario)
	var scenario strategy.Scenario
	if err == nil {
		scenario, err = strategy.ReadScenario(raw)
	} else if pack, packErr := l.pack(); packErr == nil {
		scenario, err = strategy.NamedScenario(pack, c.Scenario)
	}
	if err != nil {
		return scenario, err
	}
	if c.Month != "" {
		if err := scenario.Month.UnmarshalText([]byte(c.Month)); err != nil {
			return scenario, err
		}
	}
	if c.Sample != "" {
		if scenario.Sample, err = strategy.Share(c.Sample); err != nil {
			return scenario, err
		}
	}
	return scenario, nil
}

// standing is the programme as it stands.
func (c simulateCommand) standing(l *commandLine, scenario strategy.Scenario) (*policy.Programme, error) {
	if c.Programme != "" {
		raw, err := os.ReadFile(c.Programme)
		if err != nil {
			return nil, fault.NotFound("policy.no_programme", "programme", c.Programme).Because(err)
		}
		return policy.Read(filepath.Base(c.Programme), string(raw))
	}
	pack, err := l.pack()
	if err != nil {
		return nil, err
	}
	return policy.Named(pack, scenario.Programme)
}

func (c simulateCommand) onRegistry(ctx context.Context, l *commandLine, s streams, standing *policy.Programme, scenario strategy.Scenario) (result *strategy.Result, err error) {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = n.close(err) }()
	err = n.Read(ctx, access.System("simulate"), func(tx *store.Tx) (err error) {
		result, err = strategy.Simulate(ctx, strategy.FromRegistry(tx, scenario.Sample), standing, scenario, nil)
		return err
	})
	return result, err
}

func (c simulateCommand) print(r *strategy.Result, s streams) error {
	if c.JSON {
		return r.WriteJSON(s.out)
	}
	return r.WriteCSV(s.out)
}

// keep writes the result's files.
func (c simulateCommand) keep(r *strategy.Result) error {
	if c.Out == "" {
		return nil
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return fault.Invalid("sanad.cannot_write", "path", c.Out).Because(err)
	}
	for name, write := range map[string]func(io.Writer) error{
		"result.csv": r.WriteCSV, "result.json": r.WriteJSON,
		"reform.yaml": func(w io.Writer) error { _, err := io.WriteString(w, r.Reform); return err },
	} {
		file, err := os.Create(filepath.Join(c.Out, name))
		if err != nil {
			return fault.Invalid("sanad.cannot_write", "path", c.Out).Because(err)
		}
		if err := errors.Join(write(file), file.Close()); err != nil {
			return err
		}
	}
	return nil
}
