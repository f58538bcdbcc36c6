package api

// FillUploads leaves no room for attachments until it is undone.
func (s *Server) FillUploads() (undo func()) {
	s.held.bytes.Add(maxHeld)
	return func() { s.held.bytes.Add(-maxHeld) }
}

// HeldBytes is how many bytes of attachments are counted as in memory.
func (s *Server) HeldBytes() int64 { return s.held.bytes.Load() }
