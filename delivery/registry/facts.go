package registry

import "sanad/platform/text"

// Name names a fact. The core's names are listed here; a country pack declares
// further ones as data.
type Name string

// The facts of persons. Roles are towards the head of the household.
const (
	FullName           Name = "name"              // four-part name as written
	MotherName         Name = "mother_name"       // as written
	NationalNumberFact Name = "national_number"   // twelve digits (Law 8 of 2014)
	AdministrativeNo   Name = "administrative_no" // for those without a settled nationality
	RegistrationNo     Name = "registration_no"   // رقم القيد: the family's entry in the civil registry
	Passport           Name = "passport"          //
	UnreadNumber       Name = "unread_number"     // what stood in the number's column and is no number
	Birth              Name = "birth"             // date
	SexFact            Name = "sex"               // male, female
	Role               Name = "role"              // towards the head
	MaritalStatus      Name = "marital_status"    // single, married, divorced, widowed, separated
	Citizenship        Name = "citizenship"       // libyan, foreign, undetermined
	Country            Name = "country"           // ISO 3166-1 of a foreign nationality
	Death              Name = "death"             // date; none: known to be alive
	Missing            Name = "missing"           // yes or no
	Detained           Name = "detained"          // yes or no
	AbroadSince        Name = "abroad_since"      // date; none: in the country
	Father             Name = "father"            // person
	Mother             Name = "mother"            // person
	Spouse             Name = "spouse"            // person, several at once
	Custodian          Name = "custodian"         // who has custody of the child
	CustodyDisputed    Name = "custody_disputed"  // yes or no
	Guardian           Name = "guardian"          // who was appointed for her
	ParentsApart       Name = "parents_apart"     // yes or no
	Wage               Name = "wage"              // yes or no: a wage from any body
	ContributoryPay    Name = "contributory_pension"
	SurvivorsPay       Name = "survivors_pension"
	BasicPension       Name = "basic_pension"
	Allowance          Name = "allowance"
	Stipend            Name = "stipend"
	Job                Name = "job"         // code of the work done
	Income             Name = "income"      // dirhams a month
	Disability         Name = "disability"  // code, or none
	Phone              Name = "phone"       // E.164: the safe contact
	Account            Name = "account"     // IBAN
	OwnAccount         Name = "own_account" // yes: asks to be paid herself
	Notes              Name = "notes"
)

// The facts of households.
const (
	Area         Name = "area" // municipality's code
	Mahalla      Name = "mahalla"
	Housing      Name = "housing"
	Displacement Name = "displacement"
)

// Type is the sort of value that a fact has.
type Type uint8

// The types of fact.
const (
	TypeText Type = iota + 1
	TypeCode      // one of Codes
	TypeTruth
	TypeNumber
	TypeMoney // dirhams
	TypeDate
	TypePerson
	TypeFixed // millionths
)

// Definition declares a fact: its number in the sheet's encoding, which never
// changes, whose it is and what it may be.
type Definition struct {
	Number    int
	Name      Name
	Household bool // of the household, not of a person
	Type      Type
	Codes     []string // of an enumeration, in an order that never changes
	Several   bool     // several values may hold at once
	Fixed     bool     // cannot change in the world: two values are a contradiction

	// What a country pack says of a fact that it declares.
	Title    text.Bilingual   // what the fact is called
	Labels   []text.Bilingual // the words of Codes, in their order
	Words    [][]string       // further words of Codes that lists write
	Unit     text.Bilingual
	Origin   text.Bilingual // where it comes from
	Silent   bool           // nothing said means no, or none; otherwise it is unknown
	Future   bool           // of a date: may lie ahead, as the end of a certificate does
	Asked    string         // the step of the registration that asks it; empty for none
	Headings []string       // under which lists write it
}

var (
	roles    = []string{"head", "guardian", "husband", "wife", "son", "daughter", "father", "mother", "brother", "sister", "grandson", "granddaughter", "orphan", "foster_child", "sons_wife", "daughters_husband", "grandfather", "grandmother", "uncle", "aunt", "nephew", "niece", "other_relative"}
	statuses = []string{"single", "married", "divorced", "widowed", "separated"}
)

// Definitions are the facts of the core. Numbers are never used again.
var Definitions = []Definition{
	{Number: 1, Name: FullName, Type: TypeText},
	{Number: 2, Name: MotherName, Type: TypeText},
	{Number: 3, Name: NationalNumberFact, Type: TypeText, Fixed: true},
	{Number: 4, Name: AdministrativeNo, Type: TypeText},
	{Number: 5, Name: RegistrationNo, Type: TypeText},
	{Number: 6, Name: Passport, Type: TypeText},
	{Number: 7, Name: UnreadNumber, Type: TypeText},
	{Number: 8, Name: Birth, Type: TypeDate, Fixed: true},
	{Number: 9, Name: SexFact, Type: TypeCode, Codes: []string{"male", "female"}, Fixed: true},
	{Number: 10, Name: Role, Type: TypeCode, Codes: roles},
	{Number: 11, Name: MaritalStatus, Type: TypeCode, Codes: statuses},
	{Number: 12, Name: Citizenship, Type: TypeCode, Codes: []string{"libyan", "foreign", "undetermined"}},
	{Number: 13, Name: Country, Type: TypeText},
	{Number: 14, Name: Death, Type: TypeDate},
	{Number: 15, Name: Missing, Type: TypeTruth},
	{Number: 16, Name: Detained, Type: TypeTruth},
	{Number: 17, Name: AbroadSince, Type: TypeDate},
	{Number: 18, Name: Father, Type: TypePerson, Fixed: true},
	{Number: 19, Name: Mother, Type: TypePerson, Fixed: true},
	{Number: 20, Name: Spouse, Type: TypePerson, Several: true},
	{Number: 21, Name: Custodian, Type: TypePerson},
	{Number: 22, Name: CustodyDisputed, Type: TypeTruth},
	{Number: 23, Name: Guardian, Type: TypePerson},
	{Number: 24, Name: ParentsApart, Type: TypeTruth},
	{Number: 25, Name: Wage, Type: TypeTruth},
	{Number: 26, Name: ContributoryPay, Type: TypeTruth},
	{Number: 27, Name: SurvivorsPay, Type: TypeTruth},
	{Number: 28, Name: BasicPension, Type: TypeTruth},
	{Number: 29, Name: Allowance, Type: TypeTruth},
	{Number: 30, Name: Stipend, Type: TypeTruth},
	{Number: 31, Name: Job, Type: TypeText},
	{Number: 32, Name: Income, Type: TypeMoney},
	{Number: 33, Name: Disability, Type: TypeText},
	{Number: 34, Name: Phone, Type: TypeText},
	{Number: 35, Name: Account, Type: TypeText},
	{Number: 36, Name: OwnAccount, Type: TypeTruth},
	{Number: 37, Name: Notes, Type: TypeText},
	{Number: 38, Name: Area, Household: true, Type: TypeText},
	{Number: 39, Name: Mahalla, Household: true, Type: TypeText},
	{Number: 40, Name: Housing, Household: true, Type: TypeText},
	{Number: 41, Name: Displacement, Household: true, Type: TypeText},
}
