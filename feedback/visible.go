package feedback

// Sight is what an officer may see of a case. One who may not Read it is not
// told that it exists.
type Sight struct {
	Read    bool
	Contact bool // each reading of it is an entry of the audit log
}

// Visible is the one place that decides what an officer may see.
//
// A denunciation is for the inspection alone. No case is for an officer named in
// it, and none about a unit or desk for those who work there and would handle
// it. The inspection, the office and leaders see cases about their own unit:
// somebody has to, and they are not the ones to whom cases are given.
func Visible(o Officer, c *Case) Sight {
	switch {
	case c.moved || c.About.person(o):
		return Sight{}
	case c.Kind == Denunciation:
		inspection := o.Role == RoleInspection
		return Sight{inspection, inspection}
	}
	switch o.Role {
	case RoleDesk:
		read := !c.About.place(o) && (c.Kind != Complaint || c.takenBy(o))
		return Sight{read, read}
	case RoleUnit:
		return Sight{Read: o.Unit != "" && c.Unit == o.Unit && !c.About.place(o)}
	case RoleInspection:
		return Sight{Read: true, Contact: true}
	case RoleOffice, RoleLeader:
		return Sight{Read: true}
	}
	return Sight{}
}

// takenBy says whether the case was written down by the officer, or at the desk
// where the officer works: desks relieve each other.
func (c *Case) takenBy(o Officer) bool {
	return c.Taken.Account != "" && (c.Taken.Account == o.Account || c.Taken.Desk != "" && c.Taken.Desk == o.Desk)
}
