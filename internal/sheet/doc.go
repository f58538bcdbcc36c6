// Package sheet reads tables as offices keep them: CSV in the encodings that
// Vietnamese offices write, and Excel workbooks, a line at a time. What the
// columns mean is the caller's business. It writes nothing, to no disk.
package sheet
