package journal

import "sanad/platform/store"

var (
	entries = &store.Table{Name: "journal", Class: store.Sealed, Key: []string{"arrival"},
		Columns: []string{"arrival", "stream", "epoch", "sequence", "id", "kind", "kind_version", "subject", "household",
			"version", "actor", "purpose", "command", "part", "cause", "recorded", "body", "sheet", "hash", "seal"}}
	streams = &store.Table{Name: "streams", Class: store.Sealed, Key: []string{"stream"},
		Columns: []string{"stream", "epoch", "sequence", "hash", "writer"}}
	sheets = &store.Table{Name: "sheets", Class: store.Sealed, Key: []string{"household", "version"},
		Columns: []string{"household", "version", "known", "body"}}
	sealingKeys = &store.Table{Name: "sealing_keys", Class: store.Sealed, Key: []string{"owner"},
		Columns: []string{"owner", "wrapped"}}
	checkpoints = &store.Table{Name: "checkpoints", Class: store.Sealed, Key: []string{"arrival"},
		Columns: []string{"arrival", "recorded", "heads", "signature"}}
	views = &store.Table{Name: "views", Class: store.Projected, Key: []string{"household", "at", "actor", "part"},
		Columns: []string{"household", "at", "actor", "part", "purpose", "what"}}
)

// Tables are the tables that this package owns.
var Tables = []*store.Table{entries, streams, sheets, sealingKeys, checkpoints, views}

// Kinds are the kinds of event that this package records.
var Kinds = []Event{Viewed{}}
