// Package bank hands an approved payment list to the banks: one pain.001 file
// with a block for each bank, and for each bank a schedule (حافظة الصرف) as a
// table and as a page to print and sign, whose count and total are those of its
// block. The families' money moves by these files and by nothing else.
//
// Lines of one payee and account are summed into one transfer: the bank credits
// an account once, and the family sees one sum with the programme's name; the
// auditor finds the lines behind it in the list, under the transfer's
// reference, which comes back on a return. Files are written beside their final
// names, proved against the list's seals, and given their names only after that
// and after the journal has noted the export. The same list gives the same
// bytes every time.
package bank

import (
	"encoding/csv"
	"io/fs"

	"go.yaml.in/yaml/v3"

	"sanad/delivery/registry"
	"sanad/exchange/iso20022"
	"sanad/platform/fault"
	"sanad/platform/text"
)

// The files of a country pack that this package reads.
const (
	PayerFile = "payer.yaml"
	BanksFile = "banks.csv"
)

// Directory knows the payer and the banks of a country.
type Directory struct {
	Payer Payer
	banks map[string]text.Bilingual
}

// Payer is whose account is debited.
type Payer struct {
	Name     text.Bilingual `yaml:"name"`
	Account  string         `yaml:"account"` // IBAN
	Bank     string         `yaml:"bank"`    // its code
	Category string         `yaml:"category"`
}

// Open reads payer and banks from a country pack. Its faults are "bank.no_file"
// and "bank.bad_file", which name the file and what is wrong.
func Open(pack fs.FS) (*Directory, error) {
	d := &Directory{banks: map[string]text.Bilingual{}}
	raw, err := fs.ReadFile(pack, PayerFile)
	if err != nil {
		return nil, fault.NotFound("bank.no_file", "file", PayerFile).Because(err)
	}
	var content struct {
		Payer Payer `yaml:"payer"`
	}
	if err := yaml.Unmarshal(raw, &content); err != nil {
		return nil, fault.Invalid("bank.bad_file", "file", PayerFile, "problem", err.Error())
	}
	d.Payer = content.Payer
	account, err := registry.ParseIBAN(d.Payer.Account)
	if err != nil {
		return nil, fault.Invalid("bank.bad_file", "file", PayerFile, "problem", fault.Of(err))
	}
	if d.Payer.Name.Arabic == "" || account.Bank() != d.Payer.Bank {
		return nil, fault.Invalid("bank.bad_file", "file", PayerFile, "problem", text.Key("bank.payer_incomplete"))
	}
	d.Payer.Account = string(account)
	return d, d.readBanks(pack)
}

func (d *Directory) readBanks(pack fs.FS) error {
	file, err := pack.Open(BanksFile)
	if err != nil {
		return fault.NotFound("bank.no_file", "file", BanksFile).Because(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return fault.Invalid("bank.bad_file", "file", BanksFile, "problem", err.Error())
	}
	if len(records) == 0 || len(records[0]) != 3 || records[0][0] != "code" {
		return fault.Invalid("bank.bad_file", "file", BanksFile, "problem", "code,name_ar,name_en")
	}
	for _, r := range records[1:] {
		d.banks[r[0]] = text.Bilingual{Arabic: r[1], English: r[2]}
	}
	return nil
}

// Name returns a bank's name; a bank that the country's list does not have is
// named by its code.
func (d *Directory) Name(code string) text.Bilingual {
	if name, known := d.banks[code]; known {
		return name
	}
	return text.Bilingual{Arabic: text.Say(text.Arabic, "bank.unknown", "code", code), English: text.Say(text.English, "bank.unknown", "code", code)}
}

// agent names a bank in the message: by code, and by name where it is known.
func (d *Directory) agent(code string) iso20022.Agent {
	return iso20022.Agent{Member: code, Name: d.banks[code].Arabic}
}
