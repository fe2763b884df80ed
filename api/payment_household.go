package api

import (
	"sanad/delivery/payment"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Payments are a household's lines in payment lists.
type Payments struct {
	Payments []Payment `json:"payments" nullable:"false"`
}

// Payment is one line: a person, a component, a month.
type Payment struct {
	List      id.ID          `json:"list"`
	State     string         `json:"state" doc:"of the list"`
	Person    id.ID          `json:"person"`
	Component string         `json:"component"`
	Month     calendar.Month `json:"month"`
	Amount    money.Amount   `json:"amount_dirham"`
	Payee     id.ID          `json:"payee"`
	PayeeName string         `json:"payee_name"`
	Cause     string         `json:"cause,omitempty" doc:"why it stands in a supplement"`
	Live      bool           `json:"live" doc:"false: came back from the bank, or the list was withdrawn"`
}

func payments(tx *store.Tx, in *HouseholdPath) (Payments, error) {
	out := Payments{Payments: []Payment{}}
	s, err := registry.SummaryOf(tx, in.Household.ID)
	if err != nil {
		return out, err
	}
	found, err := payment.OfHousehold(tx, in.Household.ID, s.Branch)
	journal.Look(tx, in.Household.ID, "payments")
	for _, p := range found {
		out.Payments = append(out.Payments, Payment{p.List, string(p.State), p.Person, p.Component, p.Month, p.Amount, p.Payee, p.PayeeName, string(p.Cause), p.Live})
	}
	return out, err
}
