package feedback

// History returns what has happened to a case as far as the officer may know.
// Outside the inspection, what happened while it was a denunciation stays
// unknown, also after it turned out to be none: neither what was done nor a note
// of it. Only that something was received remains.
func History(o Officer, c *Case) []Event {
	if !Visible(o, c).Read {
		return nil
	}
	if o.Role == RoleInspection {
		return c.Events
	}
	var list []Event
	secret := false
	for _, e := range c.Events {
		if e.Step == Classify || e.Step == Receive {
			secret = e.Kind == Denunciation
		}
		switch {
		case !secret:
			list = append(list, e)
		case e.Step == Receive:
			e.Kind = ""
			list = append(list, e)
		}
	}
	return list
}
