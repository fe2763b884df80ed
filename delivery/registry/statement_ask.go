package registry

import "sanad/platform/id"

// Ask makes a task that does not follow from one sheet alone. Its id follows
// from household, person, kind, fact and details, so the same question asked
// again is the same task. Details are name-value pairs for the sentence
// "task.<kind>". A later step's event opens it with Open.
func Ask(household id.ID, branch, kind string, person id.ID, fact Name, details ...string) Task {
	t := Task{Household: household, Branch: branch, Kind: kind, Person: person, Fact: fact, Detail: map[string]string{}}
	for i := 0; i+1 < len(details); i += 2 {
		t.Detail[details[i]] = details[i+1]
	}
	t.ID = t.identity(&Member{Person: person})
	return t
}
