package sheet

// Column is one column of a table of T: how its cells are made, and what the code
// book has to explain.
type Column[T any] struct {
	ID     string
	Cell   func(T) Cell
	Width  float64  // in Excel, in characters; 0: the usual one
	Values string   // of what the cells hold codes: a dimension of the figures, or another name that has words; "": of nothing
	Codes  []string // the codes that can stand in it; nil, with Values: those of the catalogue
}
