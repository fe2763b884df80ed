package access

import (
	"fmt"
	"slices"
	"strings"

	"sanad/platform/text"
)

// Role is what a person works as; held over an area, it gives capabilities.
type Role string

// The roles, in the order of the columns of the matrix.
const (
	Citizen             Role = "citizen"
	BranchClerk         Role = "branch_clerk"
	SocialWorker        Role = "social_worker"
	Supervisor          Role = "supervisor"
	HeadOfBranch        Role = "head_of_branch"
	DiwanOfficer        Role = "diwan_officer"
	GrantDirector       Role = "grant_director"
	FinancialController Role = "financial_controller"
	PolicyAnalyst       Role = "policy_analyst"
	InternalAuditor     Role = "internal_auditor"
	AuditExaminer       Role = "audit_examiner"
	Administrator       Role = "administrator"
	PartnerSystem       Role = "partner_system"
	Operator            Role = "operator" // whoever sits at the machine's own command line
)

// Roles are all roles, in the order of the matrix.
var Roles = []Role{Citizen, BranchClerk, SocialWorker, Supervisor, HeadOfBranch, DiwanOfficer, GrantDirector,
	FinancialController, PolicyAnalyst, InternalAuditor, AuditExaminer, Administrator, PartnerSystem, Operator}

// Key is the message that names the role.
func (r Role) Key() text.Key { return text.Key("access.role_" + string(r)) }

// Capability is one thing that somebody may be allowed to do.
type Capability string

// The capabilities. The message "access.can_…" names each for a reader.
const (
	RegisterHousehold Capability = "register_household"
	RecordLifeEvent   Capability = "record_life_event"
	CorrectFact       Capability = "correct_fact"
	AskCorrection     Capability = "ask_correction"
	MoveHousehold     Capability = "move_household"
	SearchPeople      Capability = "search_people"
	SeeHousehold      Capability = "see_household"
	ReadElsewhere     Capability = "read_elsewhere"
	AnswerTask        Capability = "answer_task"
	LinkIdentity      Capability = "link_identity"
	JudgeRings        Capability = "judge_rings"
	ImportFiles       Capability = "import_files"
	RevertImport      Capability = "revert_import"
	RunProgramme      Capability = "run_programme"
	SeeDecision       Capability = "see_decision"
	PrepareRelease    Capability = "prepare_release"
	ApproveRelease    Capability = "approve_release"
	Simulate          Capability = "simulate"
	PrepareList       Capability = "prepare_list"
	ApproveList       Capability = "approve_list"
	ExportList        Capability = "export_list"
	ReadReturns       Capability = "read_returns"
	CloseList         Capability = "close_list"
	SeeList           Capability = "see_list"
	AnnounceEnds      Capability = "announce_ends"
	ApproveEnds       Capability = "approve_ends"
	ProposeMeasure    Capability = "propose_measure"
	ServeNotice       Capability = "serve_notice"
	DecideMeasure     Capability = "decide_measure"
	SeeDashboard      Capability = "see_dashboard"
	SeePeople         Capability = "see_people"
	ManagePeople      Capability = "manage_people"
	ResetPasswords    Capability = "reset_password"
	SeeJournal        Capability = "see_journal"
	VerifyJournal     Capability = "verify_journal"
	Backup            Capability = "backup"
	Sync              Capability = "sync"
	ManageReference   Capability = "manage_reference"
	ExchangeData      Capability = "exchange_data"
)

// Key is the message that names the capability.
func (c Capability) Key() text.Key { return text.Key("access.can_" + string(c)) }

// matrix says who may do what: x within the areas of the role, o for one's own
// file only, a dot not at all. Nothing else in Sanad grants anything.
//
// The makers of a list and its checkers overlap in the grant's director; that
// they are two persons is asked at each list (RequireAnother). Auditors change
// nothing, the administrator sees no family, and nobody at a bare command line
// prepares or approves money.
const matrix = `
                    cit clerk worker super head officer director control analyst auditor examin admin partner operator
register_household   .    x     x      x    x     .       .        .       .       .       .     .      .       .
record_life_event    .    x     x      x    x     .       .        .       .       .       .     .      .       .
correct_fact         .    .     .      x    x     .       .        .       .       .       .     .      .       .
ask_correction       o    x     x      x    x     x       x        .       .       .       .     .      .       .
move_household       .    .     .      x    x     x       .        .       .       .       .     .      .       .
search_people        .    x     x      x    x     x       x        .       .       x       x     .      .       x
see_household        o    x     x      x    x     x       x        .       .       x       x     .      .       x
read_elsewhere       .    .     x      x    x     x       .        .       .       x       x     .      .       .
answer_task          .    x     x      x    x     x       x        .       .       .       .     .      .       .
link_identity        .    .     .      .    .     x       .        .       .       .       .     .      .       x
judge_rings          .    .     .      x    x     x       .        .       .       x       .     .      .       x
import_files         .    .     .      x    x     x       .        .       .       .       .     .      .       x
revert_import        .    .     .      .    .     x       .        .       .       .       .     .      .       x
run_programme        .    .     .      .    .     x       x        .       .       .       .     .      .       x
see_decision         o    x     x      x    x     x       x        x       .       x       x     .      .       x
prepare_release      .    .     .      .    .     x       x        .       .       .       .     .      .       .
approve_release      .    .     .      .    .     x       x        .       .       .       .     .      .       .
simulate             .    .     .      .    .     x       x        .       x       .       .     .      .       x
prepare_list         .    .     .      .    .     x       x        .       .       .       .     .      .       .
approve_list         .    .     .      .    .     .       x        x       .       .       .     .      .       .
export_list          .    .     .      .    .     x       x        .       .       .       .     .      .       x
read_returns         .    .     .      .    .     x       x        .       .       .       .     .      .       x
close_list           .    .     .      .    .     .       x        x       .       .       .     .      .       .
see_list             .    .     .      x    x     x       x        x       .       x       x     .      .       x
announce_ends        .    .     .      .    .     x       x        .       .       .       .     .      .       .
approve_ends         .    .     .      .    .     .       x        x       .       .       .     .      .       .
propose_measure      .    .     .      x    x     x       x        .       .       .       .     .      .       .
serve_notice         .    x     x      x    x     x       x        .       .       .       .     .      .       .
decide_measure       .    .     .      .    .     .       x        x       .       .       .     .      .       .
see_dashboard        .    x     x      x    x     x       x        x       x       x       x     x      .       x
see_people           .    .     .      .    x     .       .        .       .       x       x     x      .       x
manage_people        .    .     .      .    .     .       .        .       .       .       .     x      .       x
reset_password       .    .     .      .    x     .       .        .       .       .       .     x      .       x
see_journal          .    .     .      .    .     .       .        .       .       x       x     .      .       x
verify_journal       .    .     .      .    .     .       .        .       .       x       x     x      .       x
backup               .    .     .      .    .     .       .        .       .       .       .     x      .       x
sync                 .    .     .      .    x     .       .        .       .       .       .     x      .       x
manage_reference     .    .     .      .    .     x       .        .       .       .       .     x      .       x
exchange_data        .    .     .      .    .     .       .        .       .       .       .     .      x       .
`

// Reach says how far a capability goes for a role.
type Reach uint8

// The three reaches, as they stand in the matrix.
const (
	Never   Reach = iota // .
	OwnFile              // o
	InArea               // x
)

var (
	// Capabilities are all capabilities, in the order of the matrix.
	Capabilities []Capability
	cells        = readMatrix(matrix)
)

// readMatrix turns the table into a lookup; a crooked table ends the program
// before it can let anybody in.
func readMatrix(table string) map[Capability]map[Role]Reach {
	read := map[Capability]map[Role]Reach{}
	lines := strings.Split(strings.TrimSpace(table), "\n")
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		if len(words) != len(Roles)+1 || read[Capability(words[0])] != nil {
			panic(fmt.Sprintf("access: the matrix is crooked at %q", line))
		}
		row := map[Role]Reach{}
		for i, mark := range words[1:] {
			row[Roles[i]] = Reach(strings.Index(".ox", mark))
		}
		read[Capability(words[0])] = row
		Capabilities = append(Capabilities, Capability(words[0]))
	}
	return read
}

// Allowed returns how far a capability goes for a role, without regard to who
// asks and where; pages use it to leave out what would be refused.
func Allowed(capability Capability, role Role) Reach { return cells[capability][role] }

// roleNames are the short names that the command line takes beside the full.
var roleNames = map[string]Role{
	"clerk": BranchClerk, "worker": SocialWorker, "head": HeadOfBranch, "branch_head": HeadOfBranch, "officer": DiwanOfficer,
	"director": GrantDirector, "grant_project_director": GrantDirector, "project_director": GrantDirector,
	"controller": FinancialController, "analyst": PolicyAnalyst, "auditor": InternalAuditor,
	"examiner": AuditExaminer, "audit_bureau_examiner": AuditExaminer, "admin": Administrator, "partner": PartnerSystem,
}

// ParseRole reads a role as people write it: branch_clerk, branch-clerk,
// "Branch clerk", clerk, or its Arabic name. Anything else is the fault
// "access.no_role", which lists the roles.
func ParseRole(written string) (Role, error) {
	plain := strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(written)))
	if slices.Contains(Roles, Role(plain)) {
		return Role(plain), nil
	}
	if role, ok := roleNames[plain]; ok {
		return role, nil
	}
	for _, role := range Roles {
		if nameKey(written) == nameKey(text.Say(text.Arabic, string(role.Key()))) {
			return role, nil
		}
	}
	return "", noRole(written)
}
