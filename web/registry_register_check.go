package web

import (
	"time"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
)

// checkStep says what in a step cannot stay as it is. What is merely not known
// may stay empty: nobody is turned away for a missing paper.
func checkStep(step string, f *form, now time.Time) error {
	var wrong fault.List
	today := calendar.Day(now)
	switch step {
	case "place":
		wrong.Add("area", required(f.get("area")))
	case "head", "members":
		wrong.Add("first", required(f.get("first")))
		if number := f.get("number"); number != "" {
			_, err := registry.ParseNationalNumber(number, today)
			wrong.Add("number", err)
		}
		birth, err := f.date("birth")
		wrong.Add("birth", err)
		if err == nil && birth != calendar.Unknown && today.Before(birth) == calendar.Yes {
			wrong.Add("birth", fault.Invalid("web.date_to_come"))
		}
	case "account":
		if account := f.get("iban"); account != "" {
			_, err := registry.ParseIBAN(account)
			wrong.Add("iban", err)
		}
	}
	checkFacts(f, &wrong)
	return wrong.Err()
}

func required(answer string) error {
	if answer == "" {
		return fault.Invalid("web.required")
	}
	return nil
}
