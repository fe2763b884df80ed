package web

import (
	"sanad/delivery/registry"
	"sanad/platform/store"
	"sanad/platform/text"
)

// eventKind is one life event: its place in the address, its words, and the
// questions it asks. Every event asks how it is known and from what day.
type eventKind struct {
	name   string
	title  text.Key
	note   text.Key // what it is for, in the list and above the form
	fields func(members []option) []field
	record recorder // nil while the registry has no verb for it: then it is not offered
}

// recorder hands the answers of an event's form to its verb.
type recorder func(tx *store.Tx, c registry.Change, f *form) error

// eventKinds are the life events in the order of the list: what happens most
// stands first. The correction of an error stands last, because it is no event.
var eventKinds = []eventKind{
	{"birth", "web.event_birth", "web.event_birth_note", birthFields, recordBirth},
	{"death", "web.event_death", "web.event_death_note", deathFields, recordDeath},
	{"marriage", "web.event_marriage", "web.event_marriage_note", marriageFields, nil},
	{"divorce", "web.event_divorce", "web.event_divorce_note", divorceFields, nil},
	{"salary", "web.event_salary", "web.event_salary_note", salaryFields, recordSalary},
	{"move", "web.event_move", "web.event_move_note", moveFields, nil},
	{"leave", "web.event_leave", "web.event_leave_note", leaveFields, recordLeave},
	{"return", "web.event_return", "web.event_return_note", returnFields, recordReturn},
	{"guardian", "web.event_guardian", "web.event_guardian_note", guardianFields, nil},
	{"missing", "web.event_missing", "web.event_missing_note", missingFields, recordMissing},
	{"split", "web.event_split", "web.event_split_note", splitFields, nil},
	{"join", "web.event_join", "web.event_join_note", joinFields, nil},
	{"head", "web.event_head", "web.event_head_note", headFields, nil},
	{"correction", "web.event_correction", "web.event_correction_note", errorFields, nil},
}

// eventOf finds a life event by its place in the address.
func eventOf(name string) (eventKind, bool) {
	for _, kind := range eventKinds {
		if kind.name == name && kind.record != nil {
			return kind, true
		}
	}
	return eventKind{}, false
}

// eventLinks leads from a household to each form.
func eventLinks(household string) []eventLink {
	var links []eventLink
	for _, kind := range eventKinds {
		if kind.record == nil {
			continue
		}
		links = append(links, eventLink{Href: household + "/events/" + kind.name, Title: kind.title, Note: kind.note})
	}
	return links
}

// form is the empty form of an event. The command key is sent along so that
// pressing the button twice does the thing once, the version of the sheet so that
// nobody changes what he has not seen.
func (k eventKind) form(household, command, version string, members []option) form {
	fields := append([]field{{Name: "command", Kind: "hidden", Value: command}, {Name: "version", Kind: "hidden", Value: version}}, k.fields(members)...)
	fields = append(fields,
		field{Name: "source", Kind: "choice", Label: "web.source_question", Options: sourceOptions()},
		field{Name: "document", Kind: "text", Label: "web.document", Hint: "web.document_hint"})
	return form{Action: household + "/events/" + k.name, Back: household, Submit: "web.event_submit", Fields: fields}
}

func who(label text.Key, members []option) field {
	return field{Name: "person", Kind: "select", Label: label, Options: members}
}

func when(label text.Key) field {
	return field{Name: "date", Kind: "date", Label: label, Hint: "web.date_hint"}
}

func sexOptions() []option {
	return []option{{Value: "female", Key: "web.female"}, {Value: "male", Key: "web.male"}}
}

func birthFields(members []option) []field {
	return []field{
		{Name: "name", Kind: "text", Label: "web.child_name", Hint: "web.child_name_hint"},
		{Name: "sex", Kind: "choice", Label: "web.sex", Options: sexOptions()},
		when("web.birth_date"),
		{Name: "mother", Kind: "select", Label: "web.mother_in_family", Options: append([]option{{Key: "web.not_in_family"}}, members...)},
		{Name: "father", Kind: "select", Label: "web.father_in_family", Options: append([]option{{Key: "web.not_in_family"}}, members...)},
		{Name: "role", Kind: "select", Label: "web.bond_to_head", Options: append([]option{{Key: "web.role_from_parents"}}, bondOptions()...)},
		{Name: "number", Kind: "number", Label: "web.national_number", Hint: "web.national_number_hint"},
	}
}

func deathFields(members []option) []field {
	return []field{who("web.who_died", members), when("web.death_date")}
}

func marriageFields(members []option) []field {
	return []field{who("web.who_married", members),
		{Name: "spouse", Kind: "text", Label: "web.spouse_name"},
		{Name: "spouse-number", Kind: "number", Label: "web.spouse_number", Hint: "web.national_number_hint"},
		when("web.marriage_date"),
		{Name: "stays", Kind: "choice", Label: "web.marriage_home", Options: []option{{Value: "here", Key: "web.stays_here"}, {Value: "leaves", Key: "web.leaves_household"}}}}
}

func divorceFields(members []option) []field {
	return []field{who("web.who_divorced", members), when("web.divorce_date"),
		{Name: "custody", Kind: "choice", Label: "web.custody", Hint: "web.custody_hint", Options: []option{
			{Value: "mother", Key: "web.custody_mother"}, {Value: "father", Key: "web.custody_father"},
			{Value: "other", Key: "web.custody_other"}, {Value: "disputed", Key: "web.custody_disputed"}, {Value: "none", Key: "web.custody_none"}}},
		{Name: "evidence", Kind: "choice", Label: "web.custody_evidence", Options: []option{
			{Value: "judgment", Key: "web.evidence_judgment"}, {Value: "interim", Key: "web.evidence_interim"},
			{Value: "agreement", Key: "web.evidence_agreement"}, {Value: "mukhtar", Key: "web.evidence_mukhtar"}}}}
}

func salaryFields(members []option) []field {
	return []field{who("web.who_salary", members),
		{Name: "kind", Kind: "select", Label: "web.salary_kind", Hint: "web.salary_kind_hint", Options: []option{
			{Value: "wage", Key: "web.salary_wage"}, {Value: "contributory_pension", Key: "web.salary_contributory"},
			{Value: "survivors_pension", Key: "web.salary_survivors"}, {Value: "basic_pension", Key: "web.salary_basic"},
			{Value: "allowance", Key: "web.salary_allowance"}, {Value: "stipend", Key: "web.salary_stipend"}}},
		{Name: "from", Kind: "date", Label: "web.salary_from", Hint: "web.date_hint"},
		{Name: "to", Kind: "date", Label: "web.salary_to", Hint: "web.salary_to_hint"}}
}

func moveFields(members []option) []field {
	return []field{{Name: "area", Kind: "text", Label: "web.new_area"}, {Name: "address", Kind: "text", Label: "web.address", Hint: "web.address_hint"}, when("web.move_date")}
}

func leaveFields(members []option) []field {
	return []field{who("web.who_left", members), when("web.leave_date")}
}

func returnFields(members []option) []field {
	return []field{who("web.who_returned", members), when("web.return_date")}
}

func guardianFields(members []option) []field {
	return []field{who("web.who_ward", members),
		{Name: "guardian", Kind: "text", Label: "web.guardian_name"},
		{Name: "guardian-number", Kind: "number", Label: "web.guardian_number", Hint: "web.national_number_hint"},
		when("web.guardian_date")}
}

func missingFields(members []option) []field {
	return []field{who("web.who_missing", members),
		{Name: "state", Kind: "choice", Label: "web.missing_state", Options: []option{
			{Value: "missing", Key: "web.missing"}, {Value: "detained", Key: "web.detained"}, {Value: "found", Key: "web.found"}, {Value: "released", Key: "web.released"}}},
		when("web.missing_date")}
}

func splitFields(members []option) []field {
	return []field{{Name: "new-head", Kind: "select", Label: "web.split_head", Options: members},
		{Name: "others", Kind: "checks", Label: "web.split_others", Options: members}, when("web.split_date")}
}

func joinFields(members []option) []field {
	return []field{{Name: "file", Kind: "code", Label: "web.join_file", Hint: "web.join_file_hint"}, when("web.join_date")}
}

func headFields(members []option) []field {
	return []field{who("web.new_head", members), when("web.head_date"),
		{Name: "reason", Kind: "textarea", Label: "web.head_reason"}}
}

func errorFields(members []option) []field {
	return []field{who("web.who_corrected", members),
		{Name: "fact", Kind: "select", Label: "web.fact_wrong", Options: []option{
			{Value: "name", Key: "web.fact_name"}, {Value: "birth", Key: "web.fact_birth"}, {Value: "sex", Key: "web.fact_sex"},
			{Value: "national_number", Key: "web.fact_national_number"}, {Value: "mother_name", Key: "web.fact_mother_name"}, {Value: "marital_status", Key: "web.fact_marital_status"},
			{Value: "citizenship", Key: "web.fact_citizenship"}}},
		{Name: "right", Kind: "text", Label: "web.correction_right", Hint: "web.correction_right_hint"},
		{Name: "reason", Kind: "textarea", Label: "web.correction_reason", Hint: "web.correction_reason_hint"}}
}
