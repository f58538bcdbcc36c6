package feedback_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"sipas/feedback"
)

// photo is a picture as a phone makes it: held on its side, with the place where
// it was taken.
func photo(t testing.TB, w, h int, order binary.ByteOrder) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			m.Set(x, y, color.RGBA{uint8(255 * x / w), uint8(255 * y / h), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("II*\x00")
	if order == binary.BigEndian {
		tiff = []byte("MM\x00*")
	}
	u16 := func(n uint16) { tiff = append(tiff, binary.BigEndian.AppendUint16(nil, n)...) }
	u32 := func(n uint32) { tiff = append(tiff, binary.BigEndian.AppendUint32(nil, n)...) }
	if order == binary.LittleEndian {
		u16 = func(n uint16) { tiff = append(tiff, binary.LittleEndian.AppendUint16(nil, n)...) }
		u32 = func(n uint32) { tiff = append(tiff, binary.LittleEndian.AppendUint32(nil, n)...) }
	}
	u32(8)
	u16(2)
	u16(0x010f) // the camera
	u16(2)
	u32(9)
	u32(100)
	u16(0x0112) // the orientation
	u16(3)
	u32(1)
	u16(6)
	u16(0)
	u32(0)
	tiff = append(tiff, "QUXCAMERA 16.8163N 107.1004E"...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, b.Bytes()[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	out = append(out, body...)
	out = append(out, "\xff\xfe\x00\x0cQUXCOMMENT"...)
	return append(out, b.Bytes()[2:]...)
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// chunk is a part of a PNG.
func chunk(kind, body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(out, kind+body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE([]byte(kind+body)))
}

// zipped makes a zip file; content "bomb" is 200 MB of zeros.
func zipped(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil && files[i+1] == "bomb" {
			_, err = io.CopyN(w, zeros{}, 200<<20)
		} else if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func word(t testing.TB, more ...string) []byte {
	return zipped(t, append([]string{"[Content_Types].xml", "<Types/>", "word/document.xml", "<w:document/>"}, more...)...)
}

const pdf = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

// hugePicture is the head of a PNG of 30,000 by 30,000, with hardly any bytes.
func hugePicture() []byte {
	head := binary.BigEndian.AppendUint32(nil, 30_000)
	head = binary.BigEndian.AppendUint32(head, 30_000)
	head = append(head, 8, 6, 0, 0, 0)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", string(head))...)
}

func TestFiles(t *testing.T) {
	small := pngOf(t, image.NewGray(image.Rect(0, 0, 3, 3)))
	for _, tt := range []struct {
		name, file string
		content    []byte
		want       string
	}{
		{"photo", "Ảnh hồ sơ (1).JPG", photo(t, 40, 30, binary.LittleEndian), "image/jpeg"},
		{"picture", "a.png", small, "image/png"},
		{"PDF", "quyết định.pdf", []byte(pdf), "application/pdf"},
		{"Word", "đơn.docx", word(t), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},

		{"path", "../../etc/passwd.pdf", []byte(pdf), "invalid: file file_name"},
		{"path of Windows", `C:\don.pdf`, []byte(pdf), "invalid: file file_name"},
		{"hidden", ".pdf", []byte(pdf), "invalid: file file_name"},
		{"no name", " ", []byte(pdf), "invalid: file file_name"},
		{"long name", strings.Repeat("đ", 97) + ".pdf", []byte(pdf), "invalid: file file_name"},
		{"name that turns around", "don\u202efdp.exe.pdf", []byte(pdf), "invalid: file file_name"},
		{"nothing in it", "a.pdf", nil, "invalid: file file_empty"},
		{"too large", "a.pdf", append([]byte(pdf), make([]byte, 10<<20)...), "invalid: file file_too_large"},
		{"program", "a.exe", []byte("MZ\x90\x00"), "invalid: file file_type"},
		{"page", "a.html", []byte("<script>alert(1)</script>"), "invalid: file file_type"},
		{"drawing with a script", "a.svg", []byte("<svg onload=alert(1)>"), "invalid: file file_type"},
		{"page that says it is a PDF", "a.pdf", []byte("<html>"), "invalid: file file_type"},
		{"PDF that says it is a photo", "a.jpg", []byte(pdf), "invalid: file file_other"},
		{"photo that says it is Word", "a.docx", photo(t, 4, 4, binary.BigEndian), "invalid: file file_other"},
		{"zip that says it is Word", "a.docx", zipped(t, "a.txt", "x"), "invalid: file file_other"},
		{"zip", "a.zip", word(t), "invalid: file file_other"},
		{"two extensions", "a.pdf.exe", []byte(pdf), "invalid: file file_other"},
		{"half a PDF", "a.pdf", []byte(pdf[:20]), "invalid: file file_damaged"},
		{"half a photo", "a.jpg", photo(t, 400, 300, binary.BigEndian)[:2000], "invalid: file file_damaged"},
		{"half a picture", "a.png", small[:40], "invalid: file file_damaged"},
		{"half a Word file", "a.docx", word(t)[:100], "invalid: file file_damaged"},
		{"30,000 by 30,000", "a.png", hugePicture(), "invalid: file file_pixels"},
		{"zip bomb", "a.docx", word(t, "word/media/a.png", "bomb"), "invalid: file file_bomb"},
		{"too many files within", "a.docx", word(t, manyFiles()...), "invalid: file file_bomb"},
		{"name that leads out of a folder", "a.docx", word(t, "../../a", "x"), "invalid: file file_damaged"},
		{"Word with a program", "a.docx", word(t, "word/vbaProject.bin", "x"), "invalid: file file_macro"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := feedback.ReadFile(tt.file, tt.content)
			got := message(err)
			if err == nil {
				got = f.Type
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func manyFiles() []string {
	var files []string
	for i := range 2100 {
		files = append(files, "word/"+strings.Repeat("a", i%50)+string(rune('a'+i%26))+strings.Repeat("b", i/50), "x")
	}
	return files
}

// TestOnlyThePictureIsKept: the picture comes back as it was, with the same side
// up, and without place, camera, comment or text.
func TestOnlyThePictureIsKept(t *testing.T) {
	o := openSite(t)
	withText := pngOf(t, image.NewGray(image.Rect(0, 0, 9, 9)))
	at := len("\x89PNG\r\n\x1a\n") + len(chunk("IHDR", strings.Repeat("x", 13)))
	withText = append(append(append([]byte{}, withText[:at]...), chunk("tEXt", "Comment\x00QUXTEXT")...), withText[at:]...)
	in := intake(feedback.Petition)
	for name, content := range map[string][]byte{
		"little.jpg": photo(t, 64, 48, binary.LittleEndian), "big.jpg": photo(t, 64, 48, binary.BigEndian), "text.png": withText,
	} {
		if !bytes.Contains(content, []byte("QUX")) {
			t.Fatalf("%s has nothing to hide", name)
		}
		f, err := feedback.ReadFile(name, content)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		in.Files = append(in.Files, f)
	}
	c := o.add(t, in).Case
	for _, kept := range c.Files {
		f, content, err := o.File(t.Context(), c, kept.ID)
		if err != nil || len(content) != f.Size {
			t.Fatalf("%s: %d bytes of %d, %v", kept.Name, len(content), kept.Size, err)
		}
		for _, secret := range []string{"QUX", "16.8163"} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s: %q is still in it", f.Name, secret)
			}
		}
		m, _, err := image.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if f.Type != "image/jpeg" {
			continue
		}
		if r, g, _, _ := m.At(60, 2).RGBA(); m.Bounds().Dx() != 64 || m.Bounds().Dy() != 48 || r < 0xd000 || g > 0x2000 {
			t.Errorf("%s: another picture", f.Name)
		}
		if !bytes.Contains(content[:60], []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06")) {
			t.Errorf("%s: lies on its side: % x", f.Name, content[:60])
		}
		if again, err := feedback.ReadFile(f.Name, content); err != nil || again.Size != f.Size {
			t.Errorf("%s: what was kept is not taken again: %v", f.Name, err)
		}
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add("a.jpg", photo(f, 8, 8, binary.LittleEndian))
	f.Add("a.jpg", photo(f, 8, 8, binary.BigEndian))
	f.Add("a.png", pngOf(f, image.NewGray(image.Rect(0, 0, 3, 3))))
	f.Add("a.docx", word(f))
	f.Add("a.pdf", []byte(pdf))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		file, err := feedback.ReadFile(name, content)
		if (file == nil) == (err == nil) {
			t.Errorf("%v, %v", file, err)
		}
	})
}
