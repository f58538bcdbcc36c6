package e2e

import (
	"bytes"
	"image"
	_ "image/png"
	"io"
	"net/http"
	"os/exec"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// fetch gets a file with a token.
func (s *server) fetch(token, path string) []byte {
	s.t.Helper()
	req, err := http.NewRequest("GET", s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("GET %s: %d %v %s", path, resp.StatusCode, err, b)
	}
	return b
}

// rasterise prints the first page of a PDF at 300 dots an inch, as an office's
// printer does, in colour or in grey, into a PNG.
func rasterise(t *testing.T, pdf []byte, gray bool) []byte {
	t.Helper()
	args := []string{"-r", "300", "-png", "-f", "1", "-l", "1"}
	if gray {
		args = append(args, "-gray")
	}
	cmd := exec.Command("pdftoppm", append(args, "-")...)
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftoppm (Debian: poppler-utils): %v", err)
	}
	return out
}

// scan reads the QR code in a picture as a phone does.
func scan(t *testing.T, picture []byte) string {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("no QR code can be read: %v", err)
	}
	return result.GetText()
}
