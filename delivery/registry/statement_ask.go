package registry

import "sanad/platform/id"

// Ask makes a task that does not follow from one sheet alone. Its id follows
// from household, person, kind, fact and details, so the same question asked
// again is the same task. Details are name-value pairs for the sentence
// "task.<kind>"; the detail "name" is how the person is called now and does not
// count for the id. A later step's event opens the task with Open.
func Ask(household id.ID, branch, kind string, person id.ID, fact Name, details ...string) Task {
	t := Task{Household: household, Branch: branch, Kind: kind, Person: person, Fact: fact, Detail: map[string]string{}}
	name := ""
	for i := 0; i+1 < len(details); i += 2 {
		if details[i] == "name" {
			name = details[i+1]
			continue
		}
		t.Detail[details[i]] = details[i+1]
	}
	t.ID = t.identity(&Member{Person: person})
	if name != "" {
		t.Detail["name"] = name
	}
	return t
}
