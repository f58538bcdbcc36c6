package feedback

import (
	"slices"
	"strings"

	"sipas/internal/text"
)

// Role is what an officer is to cases; the words are those of package staff,
// which this package does not know.
type Role string

// The six roles.
const (
	RoleDesk       Role = "desk"       // Bộ phận Một cửa
	RoleUnit       Role = "unit"       // đơn vị giải quyết
	RoleInspection Role = "inspection" // Thanh tra Sở
	RoleOffice     Role = "office"     // Văn phòng Sở
	RoleLeader     Role = "leader"     // lãnh đạo, reads only
	RoleAdmin      Role = "admin"      // accounts and catalogue, no case
)

// Officer (công chức) is who acts on a case or wants to see it.
type Officer struct {
	Account string
	Name    string // the person's full name; "": not known, as behind a token
	Role    Role
	Unit    string
	Desk    string
}

// actor is what a case remembers of an officer.
func (o Officer) actor() Actor { return Actor{o.Account, o.Role, o.Unit} }

// Actor is who took a step; the zero value is the sender.
type Actor struct {
	Account string `bson:"account"`
	Role    Role   `bson:"role"`
	Unit    string `bson:"unit"`
}

// About is whom a case is about, as far as the sender said. DeskUnit is the unit
// that runs the desk.
type About struct {
	Unit     string `bson:"unit"`
	Desk     string `bson:"desk"`
	DeskUnit string `bson:"deskUnit"`
	Officer  string `bson:"officer"` // in the sender's words
}

// Units returns the units that the case is about, which it is never given to.
func (a About) Units() []string {
	var list []string
	for _, u := range []string{a.Unit, a.DeskUnit} {
		if u != "" && !slices.Contains(list, u) {
			list = append(list, u)
		}
	}
	return list
}

// person says whether the officer is named in it: by the full name, with or
// without diacritics, or by the account. Of two officers with one name both are
// kept out, since nobody can tell which was meant.
func (a About) person(o Officer) bool {
	words := " " + text.Fold(a.Officer) + " "
	for _, name := range []string{o.Name, o.Account} {
		if name = text.Fold(name); name != "" && strings.Contains(words, " "+name+" ") {
			return true
		}
	}
	return false
}

// place says whether it is about the officer's own unit or desk.
func (a About) place(o Officer) bool {
	return o.Unit != "" && slices.Contains(a.Units(), o.Unit) || o.Desk != "" && o.Desk == a.Desk
}
