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
