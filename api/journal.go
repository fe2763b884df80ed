package api

import (
	"context"

	"sanad/platform/access"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

func journalEndpoints(d *door) {
	plain(d, endpoint{name: "verifyJournal", at: "POST /journal/verify", says: "Walk over the whole journal and name the first entry that was altered", need: access.VerifyJournal,
		more: "Recomputes both chains, the hashes of all sealed sheets and the signed checkpoints. It takes a while and changes nothing."}, d.verify)
	asks(d, endpoint{name: "entry", at: "GET /journal/entries/{entry}", says: "One entry, as a receipt names it", need: access.SeeHousehold,
		more: "So that a receipt in somebody's hand can be compared. Nothing of what the entry says is shown."}, entry)
}

// Verdict is what the journal's verification found.
type Verdict struct {
	Holds       bool   `json:"holds"`
	Entries     int64  `json:"entries" doc:"entries checked"`
	Sheets      int64  `json:"sheets"`
	Checkpoints int64  `json:"checkpoints" doc:"signed checkpoints that agree"`
	First       string `json:"first,omitempty" doc:"the first thing that is wrong"`
	Arabic      string `json:"reason_ar,omitempty"`
	English     string `json:"reason_en,omitempty"`
}

func (d *door) verify(ctx context.Context, _ *struct{}) (Verdict, error) {
	err := d.Journal.Read(ctx, callerOf(ctx).session, func(tx *store.Tx) error {
		return access.Require(tx, access.VerifyJournal, "")
	})
	if err != nil {
		return Verdict{}, err
	}
	v, err := d.Journal.Verify(ctx)
	out := Verdict{Holds: v.Holds(), Entries: v.Entries, Sheets: v.Sheets, Checkpoints: v.Signed, First: v.First}
	if err == nil && !v.Holds() {
		out.Arabic, out.English = text.Say(text.Arabic, v.Reason), text.Say(text.English, v.Reason)
	}
	return out, err
}

// EntryPath is an address that names an entry of the journal.
type EntryPath struct {
	Entry identifier `path:"entry"`
}

func entry(tx *store.Tx, in *EntryPath) (Entry, error) {
	found, err := journal.Find(tx, in.Entry.ID)
	return entryOf(found), err
}

// Happening is one line of a household's timeline.
type Happening struct {
	Entry   id.ID  `json:"entry"`
	Kind    string `json:"kind"`
	At      string `json:"at" format:"date-time"`
	Actor   id.ID  `json:"actor"`
	Version int64  `json:"version,omitempty" doc:"of the sheet that it made"`
}

// Look is one look at a household's file.
type Look struct {
	At      string         `json:"at" format:"date-time"`
	Actor   id.ID          `json:"actor"`
	Name    text.Bilingual `json:"name"`
	Purpose string         `json:"purpose,omitempty"`
	What    string         `json:"what"`
}
