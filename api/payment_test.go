package api

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"sanad/platform/access"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
)

const grant, sample = "wife-and-children-grant", "LY020905.csv"

// upload sends a file with fields beside it.
func (o *office) upload(token, path, name string, content []byte, fields ...string) reply {
	o.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = form.WriteField(fields[i], fields[i+1])
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		o.t.Fatal(err)
	}
	_, _ = part.Write(content)
	_ = form.Close()
	return o.ask(token, "POST "+path, body.String(), "Content-Type", form.FormDataContentType())
}

func sampleFile(t *testing.T) []byte {
	t.Helper()
	content, err := os.ReadFile("../country/libya/sample/extracts/" + sample)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// The whole way of a grant, as another program goes it.
func TestFromABranchFileToTheBankAndBack(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		o := openOffice(t, j)
		officer, director := o.hire("salem", access.DiwanOfficer, ""), o.hire("nuri", access.GrantDirector, "")
		importSample(t, o, officer)
		household := decideOctober(t, o, officer)
		if why := o.ask(officer, "GET /programmes/"+grant+"/months/2026-10/decisions/"+household+"/explanation?language=en", nil).is(http.StatusOK); !strings.Contains(why.raw, "Law") {
			t.Errorf("explanation: %.300s", why.raw)
		}
		list := o.ask(officer, "POST /lists", map[string]any{"programme": grant, "quarter": "2026-Q4", "category": "children"}).is(http.StatusOK)
		at := "/lists/" + list.text("result.id")
		signature := map[string]string{"digest": list.text("result.digest")}
		o.ask(officer, "POST "+at+"/approve", signature).refuses(http.StatusForbidden, "api.not_yours")
		o.ask(director, "POST "+at+"/approve", map[string]string{"digest": strings.Repeat("0", 64)}).is(http.StatusConflict)
		o.ask(officer, "GET "+at+"/comparison", nil).is(http.StatusOK)
		o.ask(officer, "POST "+at+"/export", nil).is(http.StatusConflict)
		if signed := o.ask(director, "POST "+at+"/approve", signature).is(http.StatusOK); signed.text("result.state") != "approved" {
			t.Fatalf("approval: %s", signed.raw)
		}
		transfer := exportTwice(t, o, officer, at)
		returns := "end_to_end_id,status,reason,date\n" + transfer + ",RJCT,AC04,2026-11-05\n"
		if took := o.ask(officer, "POST "+at+"/returns", returns, "Content-Type", "text/csv").is(http.StatusOK); took.at("result.returned") != 1.0 {
			t.Errorf("returns: %s", took.raw)
		}
		o.ask(director, "POST "+at+"/close", nil).is(http.StatusOK)
		o.ask(officer, "GET /households/"+household+"/payments", nil).is(http.StatusOK)
		if all := o.ask(officer, "GET /lists", nil).is(http.StatusOK); all.text("lists.0.state") != "closed" {
			t.Errorf("lists: %s", all.raw)
		}
		auditor := o.hire("mona", access.InternalAuditor, "")
		if proof := o.ask(auditor, "POST /journal/verify", nil).is(http.StatusOK); proof.at("holds") != true || proof.at("entries").(float64) < 10 {
			t.Errorf("journal: %s", proof.raw)
		}
	})
}

func importSample(t *testing.T, o *office, officer string) {
	t.Helper()
	content := sampleFile(t)
	if dry := o.upload(officer, "/imports", sample, content, "dry_run", "true").is(http.StatusOK); dry.at("dry_run") != true || dry.at("rows").(float64) == 0 {
		t.Errorf("dry run: %s", dry.raw)
	}
	if none := o.ask(officer, "GET /imports", nil).is(http.StatusOK); len(none.at("imports").([]any)) != 0 {
		t.Errorf("a dry run left an import: %s", none.raw)
	}
	report := o.upload(officer, "/imports/report", sample, content).is(http.StatusOK)
	if !strings.HasPrefix(strings.TrimPrefix(report.raw, "\ufeff"), "file,row,level,field,value,message_ar,message_en") {
		t.Errorf("report: %.200s", report.raw)
	}
	first := o.upload(officer, "/imports", sample, content).is(http.StatusOK)
	if first.at("households").(float64) == 0 || first.text("branch") != "LY020905" || first.at("repeated") != false {
		t.Fatalf("import: %s", first.raw)
	}
	if again := o.upload(officer, "/imports", sample, content).is(http.StatusOK); again.at("repeated") != true {
		t.Errorf("the same file again: %s", again.raw)
	}
}

// decideOctober runs the month twice and returns a household that is due.
func decideOctober(t *testing.T, o *office, officer string) (household string) {
	t.Helper()
	month := "/programmes/" + grant + "/months/2026-10"
	o.ask(officer, "GET "+month+"/decisions", nil).refuses(http.StatusNotFound, "policy.not_decided")
	if run := o.ask(officer, "POST "+month+"/run", nil).is(http.StatusOK); run.at("changed").(float64) == 0 {
		t.Fatalf("run: %s", run.raw)
	}
	if again := o.ask(officer, "POST "+month+"/run", nil).is(http.StatusOK); again.at("recorded") != false {
		t.Errorf("running again wrote something: %s", again.raw)
	}
	table := o.ask(officer, "GET "+month+"/decisions?format=csv", nil).is(http.StatusOK)
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.raw, "\ufeff"))).ReadAll()
	if err != nil || len(records) < 2 || strings.Join(records[0], ",") != "source,household_file,branch,component,persons,amount_dirham,payee,status,payable,reason" || records[1][0] != sample {
		t.Fatalf("table: %v %.300s", err, table.raw)
	}
	rows := o.ask(officer, "GET "+month+"/decisions", nil).is(http.StatusOK).at("decisions").([]any)
	if len(rows) != len(records)-1 {
		t.Errorf("%d rows as JSON, %d as CSV", len(rows), len(records)-1)
	}
	for _, r := range rows {
		if row := r.(map[string]any); row["status"] == "due" && row["payable"] == true {
			household = row["household"].(string)
		}
	}
	one := o.ask(officer, "GET "+month+"/decisions/"+household, nil).is(http.StatusOK)
	if one.text("from") != "2026-10" || one.at("due_dirham").(float64) < 100_000 {
		t.Errorf("decision: %s", one.raw)
	}
	return household
}

var endToEnd = regexp.MustCompile(`<EndToEndId>([^<]+)</EndToEndId>`)

// exportTwice checks that both times give the same bytes, and returns a transfer.
func exportTwice(t *testing.T, o *office, officer, at string) (transfer string) {
	t.Helper()
	first := o.ask(officer, "POST "+at+"/export", nil).is(http.StatusOK)
	if again := o.ask(officer, "POST "+at+"/export", nil).is(http.StatusOK); again.raw != first.raw {
		t.Error("the second export differs from the first")
	}
	archive, err := zip.NewReader(strings.NewReader(first.raw), int64(len(first.raw)))
	if err != nil || len(archive.File) < 3 || !strings.HasPrefix(archive.File[0].Name, "pain001-") {
		t.Fatalf("archive: %v %s", err, first.header)
	}
	file, err := archive.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(file)
	found := endToEnd.FindSubmatch(content)
	if err != nil || found == nil {
		t.Fatalf("no transfer in the bank file: %v", err)
	}
	return string(found[1])
}

func TestAnImportIsTakenBack(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	officer, head := o.hire("salem", access.DiwanOfficer, ""), o.hire("ali", access.HeadOfBranch, branch)
	o.upload(head, "/imports", sample, sampleFile(t)).refuses(http.StatusForbidden, "access.not_allowed")
	taken := o.upload(officer, "/imports", sample, sampleFile(t)).is(http.StatusOK)
	o.ask(head, "POST /imports/"+taken.text("import")+"/revert", nil).refuses(http.StatusForbidden, "api.not_yours")
	back := o.ask(officer, "POST /imports/"+taken.text("import")+"/revert", nil).is(http.StatusOK)
	if back.at("households") != taken.at("households") {
		t.Errorf("%s, and back %s", taken.raw, back.raw)
	}
}

func TestAFileThatIsNoneIsRefusedPlainly(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	officer := o.hire("salem", access.DiwanOfficer, "")
	o.upload(officer, "/imports", "list.pdf", []byte("%PDF-1.7 not a table")).is(http.StatusUnprocessableEntity)
	o.upload(officer, "/imports", "../../etc/passwd", []byte("a,b\n1,2\n")).is(http.StatusUnprocessableEntity)
	o.upload(officer, "/imports", sample, sampleFile(t), "as_of", "soon").is(http.StatusUnprocessableEntity).names("as_of")
	o.upload(officer, "/imports", sample, sampleFile(t), "as_of", "2026-02-31").is(http.StatusUnprocessableEntity).names("as_of")
	o.ask(officer, "POST /imports", "{}").is(http.StatusUnprocessableEntity)
}
