package sheet

// LimitRows makes a sheet full earlier than Excel's are.
func (x *Excel) LimitRows(n int) { x.limit = n }
