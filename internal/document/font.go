package document

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"sync"
)

// Be Vietnam Pro, under the SIL Open Font License (fonts/OFL.txt). They are
// strings, so that nothing that is handed a copy can change them for others.
var (
	//go:embed fonts/BeVietnamPro-Regular.ttf
	regularTTF string
	//go:embed fonts/BeVietnamPro-SemiBold.ttf
	semiboldTTF string
)

// font is a TrueType font with the widths of all that it can draw.
type font struct {
	ttf    string
	widths map[rune]float64 // of one em
}

var (
	regular  = sync.OnceValue(func() *font { return mustFont(regularTTF) })
	semibold = sync.OnceValue(func() *font { return mustFont(semiboldTTF) })
)

// mustFont reads a font that was built into the program; a failure is a broken build.
func mustFont(ttf string) *font {
	f, err := readFont(ttf)
	if err != nil {
		panic(err)
	}
	return f
}

// readFont reads the characters that a font has and their widths. The PDF
// library knows them too, but measures only what is about to be drawn, and
// draws boxes or garbage for a character that the font lacks.
func readFont(ttf string) (*font, error) {
	b := []byte(ttf)
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	u32 := func(at int) int { return int(binary.BigEndian.Uint32(b[at:])) }
	tables := map[string]int{}
	for i := range u16(4) {
		entry := 12 + 16*i
		tables[string(b[entry:entry+4])] = u32(entry + 8)
	}
	em := float64(u16(tables["head"] + 18))
	lastWidth := u16(tables["hhea"]+34) - 1 // glyphs after it share its width
	width := func(glyph int) float64 { return float64(u16(tables["hmtx"]+4*min(glyph, lastWidth))) / em }

	cmap := 0
	for i := range u16(tables["cmap"] + 2) {
		entry := tables["cmap"] + 4 + 8*i
		at := tables["cmap"] + u32(entry+4)
		if u16(entry) == 3 && u16(entry+2) == 1 && u16(at) == 4 { // Windows, Unicode, by segments
			cmap = at
		}
	}
	if cmap == 0 {
		return nil, fmt.Errorf("font has no table of Unicode characters")
	}
	f := &font{ttf: ttf, widths: map[rune]float64{}}
	segments := u16(cmap+6) / 2
	ends := cmap + 14
	starts := ends + 2*segments + 2
	deltas, offsets := starts+2*segments, starts+4*segments
	for i := range segments {
		for c := u16(starts + 2*i); c <= u16(ends+2*i) && c < 0xFFFF; c++ {
			glyph := c
			if offset := u16(offsets + 2*i); offset != 0 {
				glyph = u16(offsets + 2*i + offset + 2*(c-u16(starts+2*i)))
			}
			if glyph = (glyph + u16(deltas+2*i)) & 0xFFFF; glyph != 0 {
				f.widths[rune(c)] = width(glyph)
			}
		}
	}
	return f, nil
}

// has says whether the font can draw the character.
func (f *font) has(r rune) bool {
	_, ok := f.widths[r]
	return ok
}

// width returns how wide a text is in a font of one unit.
func (f *font) width(s string) float64 {
	var w float64
	for _, r := range s {
		w += f.widths[r]
	}
	return w
}
