// Package staff knows who works with the program: accounts and how they sign in,
// tokens, roles, and the log of what was done.
package staff

import "slices"

// Role is what an account or a token may do. The table of who sees which case
// stands in package feedback; here is only who a person is.
type Role string

// The six roles.
const (
	Desk       Role = "desk"       // Bộ phận Một cửa
	Unit       Role = "unit"       // đơn vị giải quyết
	Inspection Role = "inspection" // Thanh tra Sở
	Office     Role = "office"     // Văn phòng Sở
	Leader     Role = "leader"     // lãnh đạo, reads only
	Admin      Role = "admin"      // accounts and catalogue, no case content
)

// Roles lists every role in the order in which they are shown.
var Roles = []Role{Desk, Unit, Inspection, Office, Leader, Admin}

// Known reports whether r is one of Roles.
func (r Role) Known() bool { return slices.Contains(Roles, r) }
