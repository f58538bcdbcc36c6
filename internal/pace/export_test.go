package pace

// Size is how much is remembered.
func (g *Guard) Size() int { return len(g.until) }
