package main

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/ncruces/go-sqlite3"

	"sanad/delivery/registry"
	"sanad/platform/id"
	"sanad/platform/store"
)

// tool ends a tool of the stories: 1 and the reason where it failed.
func tool(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// here opens the node at which the story sits.
func here() (*node, error) {
	line := &commandLine{Data: os.Getenv("SANAD_DATA"), Database: os.Getenv("SANAD_DATABASE")}
	return line.open(context.Background())
}

// toolDigest prints one digest over every projected table: what two equal
// states of knowledge have in common. With `digest TABLE…` a line a table.
func toolDigest() {
	n, err := here()
	tool(err)
	digests, err := n.Digest(context.Background(), tables)
	tool(errors.Join(err, n.DB.Close()))
	all := sha256.New()
	for _, table := range slices.Sorted(maps.Keys(digests)) {
		sum := digests[table]
		fmt.Fprintf(all, "%s %x\n", table, sum)
		if slices.Contains(os.Args[1:], table) {
			fmt.Printf("%s %x\n", table, sum)
		}
	}
	if len(os.Args) == 1 {
		fmt.Printf("%x\n", all.Sum(nil))
	}
}

// toolRegister registers a family as a clerk of its branch would at the
// counter: `register FAMILY.json` prints household and file number.
func toolRegister() {
	content, err := os.ReadFile(os.Args[1])
	tool(err)
	var family registry.NewHousehold
	tool(json.Unmarshal(content, &family))
	n, err := here()
	tool(err)
	clerk := store.Session{Actor: id.ID{15: 1}, Purpose: "counter", Grants: []store.Grant{{Role: "branch_clerk", Area: family.Branch}}}
	var done registry.Registration
	_, err = n.Write(context.Background(), clerk, func(tx *store.Tx) (err error) {
		done, err = registry.Register(tx, family)
		return err
	})
	tool(n.close(err))
	fmt.Printf("%s\t%s\n", done.Household, done.File)
}

// toolTamper changes a database past the program: `tamper SQL`.
func toolTamper() {
	if url := os.Getenv("SANAD_DATABASE"); url != "" {
		conn, err := pgx.Connect(context.Background(), url)
		tool(err)
		tag, err := conn.Exec(context.Background(), os.Args[1])
		tool(errors.Join(err, conn.Close(context.Background()), touched(tag.RowsAffected())))
		return
	}
	conn, err := sqlite3.Open(filepath.Join(os.Getenv("SANAD_DATA"), "sanad.db"))
	tool(err)
	tool(errors.Join(conn.Exec(os.Args[1]), touched(conn.Changes()), conn.Close()))
}

func touched(rows int64) error {
	if rows == 0 {
		return errors.New("no row was touched")
	}
	return nil
}

// toolTable counts the rows of a CSV file by the cells of some columns, beside
// its heading: `table FILE COLUMN…` prints a line for each combination.
func toolTable() {
	file, err := os.Open(os.Args[1])
	tool(err)
	rows, err := csv.NewReader(file).ReadAll()
	tool(err)
	fmt.Println(rows[0])
	counts := map[string]int{}
	for _, row := range rows[1:] {
		key := ""
		for _, column := range os.Args[2:] {
			at := slices.Index(rows[0], column)
			if at < 0 {
				tool(fmt.Errorf("%s has no column %s", os.Args[1], column))
			}
			key += row[at] + "\t"
		}
		counts[key]++
	}
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		fmt.Printf("%s%d\n", key, counts[key])
	}
}

// toolTally adds the rows of `sanad decisions` up as `sanad run` prints them:
// component, persons due, held, pending and refused, dirhams.
func toolTally() {
	file, err := os.Open(os.Args[1])
	tool(err)
	rows, err := csv.NewReader(file).ReadAll()
	tool(err)
	sums := map[string]*[5]int{}
	for _, row := range rows[1:] {
		persons, err := strconv.Atoi(row[4])
		tool(err)
		amount, err := strconv.Atoi(row[5])
		tool(err)
		if sums[row[3]] == nil {
			sums[row[3]] = new([5]int)
		}
		sum := sums[row[3]]
		sum[map[string]int{"due": 0, "pending": 2, "refused": 3}[row[7]]] += persons
		sum[4] += amount
		if row[7] == "due" && row[8] == "no" {
			sum[1] += persons
		}
	}
	for _, component := range slices.Sorted(maps.Keys(sums)) {
		s := sums[component]
		fmt.Printf("%s\t%d\t%d\t%d\t%d\t%d\n", component, s[0], s[1], s[2], s[3], s[4])
	}
}

// toolReported fails unless a report names every row of the sample's invalid.csv
// and rejects no other: `reported INVALID REPORT`.
func toolReported() {
	type place struct{ file, row string }
	read := func(name string) (rows [][]string) {
		file, err := os.Open(name)
		tool(err)
		rows, err = csv.NewReader(file).ReadAll()
		tool(err)
		return rows[1:]
	}
	invalid, named := map[place]bool{}, map[place]bool{}
	for _, row := range read(os.Args[1]) {
		invalid[place{row[0], row[1]}] = true
	}
	for _, row := range read(os.Args[2]) {
		at := place{row[0], row[1]}
		named[at] = true
		if row[2] == "rejected" && !invalid[at] {
			tool(fmt.Errorf("rejected without reason: %v", row))
		}
	}
	for at := range invalid {
		if !named[at] {
			tool(fmt.Errorf("not reported: %v", at))
		}
	}
}

// toolAsk prints the answer to a question to the node's database, whose columns
// are named as text, int or id: `ask 'id int' SQL`.
func toolAsk() {
	n, err := here()
	tool(err)
	err = n.DB.Read(context.Background(), store.Session{Purpose: "ask"}, func(tx *store.Tx) error {
		return tx.Each(func(r *store.Row) error {
			var cells []string
			for _, kind := range strings.Fields(os.Args[1]) {
				switch kind {
				case "id":
					cells = append(cells, r.ID().String())
				case "int":
					cells = append(cells, strconv.FormatInt(r.Int(), 10))
				default:
					cells = append(cells, r.Text())
				}
			}
			fmt.Println(strings.Join(cells, "\t"))
			return r.Err()
		}, os.Args[2])
	})
	tool(errors.Join(err, n.DB.Close()))
}

// toolDamage flips one bit in the middle of a file: `damage FILE`.
func toolDamage() {
	content, err := os.ReadFile(os.Args[1])
	tool(err)
	content[len(content)/2] ^= 1
	tool(os.WriteFile(os.Args[1], content, 0o600))
}

// toolShrink cuts a file's end off: `shrink FILE BYTES`.
func toolShrink() {
	content, err := os.ReadFile(os.Args[1])
	tool(err)
	less, err := strconv.Atoi(os.Args[2])
	tool(err)
	tool(os.WriteFile(os.Args[1], content[:len(content)-less], 0o600))
}
