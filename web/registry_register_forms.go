package web

// stepFields are the questions of each step of a registration. Areas are those
// of the reader's office, relations those of the country.
func stepFields(step string, areas []option) []field {
	switch step {
	case "place":
		return append(placeFields(areas), askedOf(true)...)
	case "head":
		return append(append(personFields(), standingFields()...), askedOf(false)...)
	case "members":
		bond := field{Name: "bond", Kind: "select", Label: "web.bond_to_head", Options: bondOptions()}
		return append(append(append([]field{bond}, personFields()...), standingFields()...), askedOf(false)...)
	case "account":
		return []field{
			{Name: "phone", Kind: "code", Label: "web.phone", Hint: "web.phone_hint", Auto: "off"},
			{Name: "iban", Kind: "code", Label: "web.account_number", Hint: "web.account_number_hint"}}
	}
	return nil
}

func placeFields(areas []option) []field {
	return []field{
		{Name: "area", Kind: "select", Label: "web.area", Options: areas},
		{Name: "address", Kind: "text", Label: "web.address", Hint: "web.address_hint"},
		{Name: "entry", Kind: "code", Label: "web.registration_number", Hint: "web.registration_number_hint"}}
}

func personFields() []field {
	return []field{
		{Kind: "note", Label: "web.four_names", Hint: "web.first_name_hint"},
		{Name: "first", Kind: "text", Width: "quarter", Label: "web.first_name"},
		{Name: "father", Kind: "text", Width: "quarter", Label: "web.father_name"},
		{Name: "grandfather", Kind: "text", Width: "quarter", Label: "web.grandfather_name"},
		{Name: "family", Kind: "text", Width: "quarter", Label: "web.family_name"},
		{Name: "mother", Kind: "text", Width: "half", Label: "web.mother"},
		{Name: "number", Kind: "number", Width: "half", Label: "web.national_number", Hint: "web.national_number_hint"},
		{Name: "sex", Kind: "choice", Label: "web.sex", Options: sexOptions()},
		{Name: "birth", Kind: "date", Label: "web.birth_date", Hint: "web.date_hint"},
	}
}

// standingFields are what the law asks of a person beside who she is.
func standingFields() []field {
	return []field{
		{Name: "marital", Kind: "choice", Label: "web.marital", Options: []option{
			{Value: "single", Key: "web.status_single"}, {Value: "married", Key: "web.status_married"}, {Value: "divorced", Key: "web.status_divorced"},
			{Value: "widowed", Key: "web.status_widowed"}, {Value: "", Key: "web.does_not_know"}}},
		{Name: "citizenship", Kind: "choice", Label: "web.fact_citizenship", Options: []option{
			{Value: "libyan", Key: "web.citizenship_libyan"}, {Value: "foreign", Key: "web.citizenship_foreign"},
			{Value: "undetermined", Key: "web.citizenship_undetermined"}, {Value: "", Key: "web.does_not_know"}}},
		{Name: "salary", Kind: "select", Label: "web.salary_any", Hint: "web.salary_any_hint", Options: []option{
			{Value: "", Key: "web.does_not_know"}, {Value: "none", Key: "web.salary_none"}, {Value: "wage", Key: "web.salary_wage"},
			{Value: "contributory_pension", Key: "web.salary_contributory"}, {Value: "survivors_pension", Key: "web.salary_survivors"},
			{Value: "basic_pension", Key: "web.salary_basic"}}},
		howField(),
	}
}

func howField() field {
	return field{Name: "source", Kind: "choice", Label: "web.source_question", Hint: "web.source_hint", Options: sourceOptions()}
}

// bondOptions are the relations to the head that the registry knows, the head
// herself left out.
func bondOptions() []option {
	codes := []string{"wife", "husband", "son", "daughter", "mother", "father", "sister", "brother", "granddaughter", "grandson",
		"orphan", "foster_child", "sons_wife", "daughters_husband", "grandmother", "grandfather", "aunt", "uncle", "niece", "nephew", "guardian", "other_relative"}
	options := make([]option, len(codes))
	for i, code := range codes {
		options[i] = option{Value: code, Key: roleKey(code)}
	}
	return options
}

// signFields are the last questions of a registration.
func signFields() []field {
	return []field{{Name: "read", Kind: "checkbox", Label: "web.sign_read", Hint: "web.sign_read_hint"}}
}
