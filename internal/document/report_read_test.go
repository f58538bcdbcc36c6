package document_test

import (
	"testing"

	"sipas/internal/document"
)

// FuzzReadReport: whatever the file, reading it comes back.
func FuzzReadReport(f *testing.F) {
	f.Add([]byte("%PDF-1.4\n<< /Type /EmbeddedFile /Length 5 /Filter /FlateDecode >>\nstream\nabcde\nendstream"))
	f.Add([]byte("PK\x03\x04xl/workbook.xml"))
	f.Fuzz(func(t *testing.T, file []byte) { _, _, _ = document.ReadReport(file) })
}
