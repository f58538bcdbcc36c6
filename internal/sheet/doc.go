// Package sheet reads and writes tables as offices keep them. It reads CSV in the
// encodings that Vietnamese offices write, and Excel workbooks, a line at a time;
// what the columns mean is the caller's business, and nothing of it goes to disk.
// It writes a table once, cell by cell, whether the file will be CSV or Excel.
package sheet
