// Package catalogue is the reference data that surveys and petitions stand on:
// areas, units, desks, procedures and targets, each with the days between which
// it holds. Nothing about the organisation is in code, and what held on a day that
// has passed goes on holding there: a rename is a further row (see Edit), so that
// an old report keeps the old name.
package catalogue

// Catalogue is one checked state of all rows. It never changes and may be used
// by many at once; a change in the store makes a new one.
type Catalogue struct {
	areas      table[Area]
	units      table[Unit]
	desks      table[Desk]
	procedures table[Procedure]
	targets    table[Target]
}

// New checks the rows together (see Check) and that each one refers only to
// rows that hold as long as it does: a desk to its unit, a procedure to its
// area and unit, a target to its area. The order of the rows does not matter.
// The error is a fault of kind Invalid whose fields name the row by its place,
// "procedures.12.area".
func New(rows Rows) (*Catalogue, error) {
	if err := Check(rows); err != nil {
		return nil, err
	}
	c := build(rows)
	if err := c.references(rows); err != nil {
		return nil, err
	}
	return c, nil
}

func build(rows Rows) *Catalogue {
	return &Catalogue{
		areas:      newTable(rows.Areas),
		units:      newTable(rows.Units),
		desks:      newTable(rows.Desks),
		procedures: newTable(rows.Procedures),
		targets:    newTable(rows.Targets),
	}
}

// List returns the rows of a kind that hold on the day, in their listing order.
func (c *Catalogue) List(kind Kind, on Date) []Row {
	switch kind {
	case KindArea:
		return rowList(c.areas.on(on))
	case KindUnit:
		return rowList(c.units.on(on))
	case KindDesk:
		return rowList(c.desks.on(on))
	case KindProcedure:
		return rowList(c.procedures.on(on))
	case KindTarget:
		return rowList(c.targets.on(on))
	}
	panic("catalogue: no kind " + string(kind))
}

// All returns every row of a kind, whenever it holds: things in their listing
// order, the rows of one together and the earliest first.
func (c *Catalogue) All(kind Kind) []Row {
	switch kind {
	case KindArea:
		return rowList(c.areas.rows)
	case KindUnit:
		return rowList(c.units.rows)
	case KindDesk:
		return rowList(c.desks.rows)
	case KindProcedure:
		return rowList(c.procedures.rows)
	case KindTarget:
		return rowList(c.targets.rows)
	}
	panic("catalogue: no kind " + string(kind))
}

// Name returns what a thing was called on the day; one that was not there then by
// its last name before, else by its first one. False: nobody knows it, or things
// of this kind have no names.
func (c *Catalogue) Name(kind Kind, id string, on Date) (name Text, ok bool) {
	switch kind {
	case KindArea:
		r, known := c.areas.near(id, on)
		return r.Name, known
	case KindUnit:
		r, known := c.units.near(id, on)
		return r.Name, known
	case KindDesk:
		r, known := c.desks.near(id, on)
		return r.Name, known
	case KindProcedure:
		r, known := c.procedures.near(id, on)
		return r.Name, known
	}
	return Text{}, false
}

// Within returns which of the days from to to a thing was there, under whatever
// name. All of them where it is not known, or where nothing of its kind was there
// at their beginning: the catalogue begins later then, not the thing.
func (c *Catalogue) Within(kind Kind, id string, from, to Date) (first, last Date) {
	known, begun := false, false
	for _, r := range c.All(kind) {
		v := r.validity()
		begun = begun || v.On(from)
		if r.id() != id || v.From > to || v.To != "" && v.To < from {
			continue
		}
		end := to
		if v.To != "" {
			end = min(end, v.To)
		}
		if !known {
			first = max(from, v.From)
		}
		known, first, last = true, min(first, max(from, v.From)), max(last, end)
	}
	switch {
	case !known:
		return from, to
	case !begun:
		return from, last
	}
	return first, last
}

// Areas returns the areas that hold on the day, in their listing order. The
// slice is the caller's, here and below.
func (c *Catalogue) Areas(on Date) []Area { return c.areas.on(on) }

// Area returns the area as it was called on the day; false: there was none.
func (c *Catalogue) Area(id string, on Date) (Area, bool) { return c.areas.at(id, on) }

// Units returns the units that hold on the day, in their listing order.
func (c *Catalogue) Units(on Date) []Unit { return c.units.on(on) }

// Unit returns the unit as it was called on the day.
func (c *Catalogue) Unit(id string, on Date) (Unit, bool) { return c.units.at(id, on) }

// Desks returns the desks that hold on the day, in their listing order.
func (c *Catalogue) Desks(on Date) []Desk { return c.desks.on(on) }

// Desk returns the desk as it was on the day.
func (c *Catalogue) Desk(id string, on Date) (Desk, bool) { return c.desks.at(id, on) }

// Procedures returns the procedures that hold on the day, in their listing
// order, the examples among them.
func (c *Catalogue) Procedures(on Date) []Procedure { return c.procedures.on(on) }

// Procedure returns the procedure as it was on the day.
func (c *Catalogue) Procedure(id string, on Date) (Procedure, bool) { return c.procedures.at(id, on) }

// Targets returns the targets that hold on the day, in their listing order.
func (c *Catalogue) Targets(on Date) []Target { return c.targets.on(on) }

// Target returns the target in force on the day for a measure in an area: the
// area's own, else the general one. With area "" it is the general one. False:
// none was set.
func (c *Catalogue) Target(measure, area string, on Date) (Target, bool) {
	general, found := Target{}, false
	for _, t := range c.targets.rows {
		if t.Measure != measure || !t.On(on) {
			continue
		}
		if t.Area == area {
			return t, true
		}
		if t.Area == "" {
			general, found = t, true
		}
	}
	return general, found
}
