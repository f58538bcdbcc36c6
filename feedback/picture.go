package feedback

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// maxPicture is how many bytes a picture may take while it is read: a photo of
// some 50 megapixels does.
const maxPicture = 160 << 20

// decoding bounds how many pictures are in memory at once.
var decoding = make(chan struct{}, 2)

// decode reads a picture whose size has been looked at before.
func decode(content []byte, config func([]byte) (image.Config, error), picture func([]byte) (image.Image, error)) (image.Image, error) {
	c, err := config(content)
	if err != nil {
		return nil, errFileDamaged
	}
	if int64(c.Width)*int64(c.Height)*bytesPerPixel(c.ColorModel) > maxPicture {
		return nil, errFilePixels
	}
	decoding <- struct{}{}
	defer func() { <-decoding }()
	m, err := picture(content)
	if err != nil {
		return nil, errFileDamaged
	}
	return m, nil
}

func bytesPerPixel(m color.Model) int64 {
	switch m {
	case color.GrayModel:
		return 1
	case color.YCbCrModel, color.Gray16Model:
		return 3 // at the most
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, palette := m.(color.Palette); palette {
		return 1
	}
	return 4
}

// plainJPEG draws the picture anew, so that nothing is left of what a camera
// writes beside it (place, time, camera, thumbnail), but for which side is up.
func plainJPEG(content []byte) ([]byte, error) {
	m, err := decode(content,
		func(b []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) })
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 88}); err != nil {
		return nil, err
	}
	return withOrientation(out.Bytes(), orientation(content)), nil
}

// plainPNG draws the picture anew, without the texts that may stand beside it.
func plainPNG(content []byte) ([]byte, error) {
	m, err := decode(content,
		func(b []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) })
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// The Exif standard (CIPA DC-008) has the orientation in the first directory of a
// TIFF structure, which JPEG carries in a segment APP1.
const (
	segmentAPP1    = 0xe1
	tagOrientation = 0x0112
	exifHead       = "Exif\x00\x00"
)

// orientation returns how a camera held the picture, 1 to 8; 1, upright, where
// it does not say.
func orientation(content []byte) byte {
	for at := 2; at+4 <= len(content) && content[at] == 0xff; {
		marker, size := content[at+1], int(binary.BigEndian.Uint16(content[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(content) { // the picture itself begins
			break
		}
		if body := content[at+4 : at+2+size]; marker == segmentAPP1 && bytes.HasPrefix(body, []byte(exifHead)) {
			return tiffOrientation(body[len(exifHead):])
		}
		at += 2 + size
	}
	return 1
}

func tiffOrientation(tiff []byte) byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	if len(tiff) < 8 {
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := int(order.Uint16(tiff[at:]))
	for i := range entries {
		entry := at + 2 + int64(i)*12
		if entry+12 > int64(len(tiff)) {
			break
		}
		if order.Uint16(tiff[entry:]) == tagOrientation {
			if o := order.Uint16(tiff[entry+8:]); o >= 1 && o <= 8 {
				return byte(o)
			}
		}
	}
	return 1
}

// withOrientation puts a segment with nothing but the orientation into a JPEG.
func withOrientation(picture []byte, o byte) []byte {
	if o == 1 {
		return picture
	}
	tiff := []byte("MM\x00*\x00\x00\x00\x08" + // the directory is at 8
		"\x00\x01" + "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00" + // one entry: orientation, a short
		"\x00\x00\x00\x00") // no further directory
	tiff[8+2+9] = o
	body := append([]byte(exifHead), tiff...)
	out := append([]byte{}, picture[:2]...)
	out = append(out, 0xff, segmentAPP1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), picture[2:]...)
}
