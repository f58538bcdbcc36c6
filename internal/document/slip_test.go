package document_test

import (
	"io"
	"strings"
	"testing"

	"sipas/internal/document"
)

func TestSlip(t *testing.T) {
	slip := posterOf(t, "vi", "k7qm2xahw3np", "000.00.16.H50-260601-0001", "Tách thửa hoặc hợp thửa đất")
	p := print(t, "slip", func(w io.Writer) error { return document.WriteSlip(w, about("Phiếu"), slip) })
	if len(p.pages) != 1 {
		t.Fatalf("%d pages", len(p.pages))
	}
	if url, _ := p.pages[0].decode(t, area{0, 0, 105, 74.25}); !strings.HasSuffix(url, "/k/k7qm2xahw3np") {
		t.Errorf("the code leads to %s", url)
	}
}
