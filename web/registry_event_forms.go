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
	record recorder
}

// recorder hands the answers of an event's form to its verb.
type recorder func(tx *store.Tx, c registry.Change, f *form) error

// eventKinds are the life events in the order of the list: what happens most
// stands first. The correction of an error is no event: it stands beside each fact.
var eventKinds = []eventKind{
	{"birth", "web.event_birth", "web.event_birth_note", birthFields, recordBirth},
	{"death", "web.event_death", "web.event_death_note", deathFields, recordDeath},
	{"marriage", "web.event_marriage", "web.event_marriage_note", marriageFields, recordMarriage},
	{"divorce", "web.event_divorce", "web.event_divorce_note", divorceFields, recordDivorce},
	{"custody", "web.event_custody", "web.event_custody_note", custodyFields, recordCustody},
	{"account", "web.event_account", "web.event_account_note", accountFields, recordAccount},
	{"salary", "web.event_salary", "web.event_salary_note", salaryFields, recordSalary},
	{"number", "web.event_number", "web.event_number_note", numberFields, recordNumber},
	{"contact", "web.event_contact", "web.event_contact_note", contactFields, recordContact},
	{"move", "web.event_move", "web.event_move_note", moveFields, recordMove},
	{"leave", "web.event_leave", "web.event_leave_note", leaveFields, recordLeave},
	{"return", "web.event_return", "web.event_return_note", returnFields, recordReturn},
	{"guardian", "web.event_guardian", "web.event_guardian_note", guardianFields, recordGuardian},
	{"missing", "web.event_missing", "web.event_missing_note", missingFields, recordMissing},
	{"head", "web.event_head", "web.event_head_note", headFields, recordHead},
	{"split", "web.event_split", "web.event_split_note", splitFields, recordSplit},
	{"join", "web.event_join", "web.event_join_note", joinFields, recordJoin},
	{"citizenship", "web.event_citizenship", "web.event_citizenship_note", citizenshipFields, recordCitizenship},
}

// eventOf finds a life event by its place in the address.
func eventOf(name string) (eventKind, bool) {
	for _, kind := range eventKinds {
		if kind.name == name {
			return kind, true
		}
	}
	return eventKind{}, false
}

// eventLinks leads from a household to each form.
func eventLinks(household string) []eventLink {
	var links []eventLink
	for _, kind := range eventKinds {
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

// outside is the answer that somebody is not a member of the family.
func orElsewhere(members []option) []option {
	return append([]option{{Key: "web.not_in_family"}}, members...)
}

func marriageFields(members []option) []field {
	return []field{who("web.who_married", members),
		{Name: "spouse-in", Kind: "select", Label: "web.spouse_in_family", Options: orElsewhere(members)},
		{Name: "spouse-number", Kind: "number", Label: "web.spouse_number", Hint: "web.spouse_number_hint"},
		{Name: "spouse", Kind: "text", Label: "web.spouse_name", Hint: "web.spouse_name_hint"},
		when("web.marriage_date"),
		{Name: "home", Kind: "choice", Label: "web.marriage_home", Options: []option{{Value: "here", Key: "web.home_here"}, {Value: "there", Key: "web.home_there"},
			{Value: "new", Key: "web.home_new"}, {Value: "apart", Key: "web.home_apart"}}}}
}

func divorceFields(members []option) []field {
	return []field{who("web.who_divorced", members), when("web.divorce_date"),
		{Name: "custody", Kind: "choice", Label: "web.custody", Hint: "web.custody_hint", Options: []option{
			{Value: "mother", Key: "web.custody_mother"}, {Value: "father", Key: "web.custody_father"},
			{Value: "disputed", Key: "web.custody_disputed"}, {Value: "none", Key: "web.custody_none"}}},
		paperField()}
}

func custodyFields(members []option) []field {
	return []field{{Name: "person", Kind: "select", Label: "web.which_child", Options: members},
		{Name: "custodian", Kind: "select", Label: "web.custodian", Options: orElsewhere(members)},
		{Name: "custodian-number", Kind: "number", Label: "web.custodian_number", Hint: "web.custodian_number_hint"},
		paperField(), when("web.custody_date"),
		{Name: "disputed", Kind: "checkbox", Label: "web.custody_is_disputed", Hint: "web.custody_is_disputed_hint"}}
}

func paperField() field {
	return field{Name: "paper", Kind: "choice", Label: "web.custody_evidence", Options: []option{
		{Value: "judgment", Key: "web.evidence_judgment"}, {Value: "interim_order", Key: "web.evidence_interim"},
		{Value: "agreement_record", Key: "web.evidence_agreement"}, {Value: "mukhtar_statement", Key: "web.evidence_mukhtar"}}}
}

func accountFields(members []option) []field {
	return []field{who("web.whose_account", members),
		{Name: "account", Kind: "code", Label: "web.account_number", Hint: "web.account_number_hint"},
		{Name: "own", Kind: "choice", Label: "web.own_account", Hint: "web.own_account_hint", Options: []option{
			{Value: "", Key: "web.as_before"}, {Value: "yes", Key: "web.yes"}, {Value: "no", Key: "web.no"}}},
		when("web.account_date")}
}

func numberFields(members []option) []field {
	return []field{who("web.whose_number", members), {Name: "number", Kind: "number", Label: "web.national_number", Hint: "web.national_number_hint"}}
}

func contactFields(members []option) []field {
	return []field{who("web.whose_phone", members), {Name: "phone", Kind: "code", Label: "web.phone", Hint: "web.phone_hint"}}
}

func citizenshipFields(members []option) []field {
	return []field{who("web.whose_citizenship", members),
		{Name: "citizenship", Kind: "choice", Label: "web.fact_citizenship", Options: []option{{Value: "libyan", Key: "web.citizenship_libyan"},
			{Value: "foreign", Key: "web.citizenship_foreign"}, {Value: "undetermined", Key: "web.citizenship_undetermined"}}},
		{Name: "country", Kind: "code", Label: "web.fact_country", Hint: "web.country_hint"}, when("web.citizenship_date")}
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

func moveFields([]option) []field {
	return []field{{Name: "area", Kind: "select", Label: "web.new_area", Hint: "web.new_area_hint"},
		{Name: "address", Kind: "text", Label: "web.address", Hint: "web.address_hint"}, when("web.move_date")}
}

func leaveFields(members []option) []field {
	return []field{who("web.who_left", members), when("web.leave_date")}
}

func returnFields(members []option) []field {
	return []field{who("web.who_returned", members), when("web.return_date")}
}

func guardianFields(members []option) []field {
	return []field{who("web.who_ward", members),
		{Name: "guardian-in", Kind: "select", Label: "web.guardian_in_family", Options: orElsewhere(members)},
		{Name: "guardian-number", Kind: "number", Label: "web.guardian_number", Hint: "web.national_number_hint"},
		{Name: "guardian", Kind: "text", Label: "web.guardian_name", Hint: "web.guardian_name_hint"},
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

func joinFields([]option) []field {
	return []field{{Name: "file", Kind: "code", Label: "web.join_file", Hint: "web.join_file_hint"}, when("web.join_date")}
}

func headFields(members []option) []field {
	return []field{who("web.new_head", members), when("web.head_date"),
		{Name: "reason", Kind: "textarea", Label: "web.head_reason"}}
}
