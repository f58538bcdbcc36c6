package ooxml

import (
	"cmp"
	"fmt"
	"strings"
)

type part struct{ name, text string }

const (
	head     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordNS   = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	officeR  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageR = "http://schemas.openxmlformats.org/package/2006/relationships"
	wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	dataNS   = "urn:sipas:data"
	dataID   = "{5B1F0C6E-6C0B-4E0A-9B52-3D0E5E5D9A01}" // names the part among those of other programs
)

// relation is one part that another refers to.
type relation struct{ kind, target string }

func relations(name string, list ...relation) part {
	var b strings.Builder
	b.WriteString(head + `<Relationships xmlns="` + packageR + `">`)
	for i, r := range list {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s" Target="%s"/>`, i+1, r.kind, r.target)
	}
	b.WriteString(`</Relationships>`)
	return part{name, b.String()}
}

// content lists what each part is.
func content(types ...[2]string) part {
	var b strings.Builder
	b.WriteString(head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	for _, t := range types {
		fmt.Fprintf(&b, `<Override PartName="%s" ContentType="%s"/>`, t[0], t[1])
	}
	b.WriteString(`</Types>`)
	return part{"[Content_Types].xml", b.String()}
}

func (d *Document) parts() []part {
	lang := map[string]string{"en": "en-GB"}[d.Lang]
	lang = cmp.Or(lang, "vi-VN")
	types := [][2]string{
		{"/word/document.xml", wordType + "document.main+xml"}, {"/word/styles.xml", wordType + "styles+xml"}, {"/word/header1.xml", wordType + "header+xml"},
		{"/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"},
	}
	refers := []relation{{officeR + "/styles", "styles.xml"}, {officeR + "/header", "header1.xml"}}
	more, feet := []part(nil), ""
	if d.Foot != nil {
		refers = append(refers, relation{officeR + "/footer", "footer1.xml"})
		types = append(types, [2]string{"/word/footer1.xml", wordType + "footer+xml"})
		more = append(more, part{"word/footer1.xml", d.foot()})
		for _, page := range []string{"default", "first"} {
			feet += `<w:footerReference w:type="` + page + fmt.Sprintf(`" r:id="rId%d"/>`, len(refers))
		}
	}
	if d.Data != "" {
		refers = append(refers, relation{officeR + "/customXml", "../customXml/item1.xml"})
		types = append(types, [2]string{"/customXml/itemProps1.xml", "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"})
		more = append(more, part{"customXml/item1.xml", head + `<data xmlns="` + dataNS + `">` + escaped(d.Data) + `</data>`},
			part{"customXml/itemProps1.xml", head + `<ds:datastoreItem ds:itemID="` + dataID + `" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">` +
				`<ds:schemaRefs><ds:schemaRef ds:uri="` + dataNS + `"/></ds:schemaRefs></ds:datastoreItem>`},
			relations("customXml/_rels/item1.xml.rels", relation{officeR + "/customXmlProps", "itemProps1.xml"}))
	}
	return append([]part{
		content(types...),
		relations("_rels/.rels", relation{officeR + "/officeDocument", "word/document.xml"},
			relation{"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"}),
		{"docProps/core.xml", head + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
			`<dc:title>` + escaped(d.Title) + `</dc:title><dc:language>` + lang + `</dc:language></cp:coreProperties>`},
		relations("word/_rels/document.xml.rels", refers...),
		{"word/styles.xml", head + `<w:styles ` + wordNS + `><w:docDefaults><w:rPrDefault><w:rPr>` +
			`<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/>` +
			`<w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="` + lang + `" w:eastAsia="` + lang + `" w:bidi="ar-SA"/>` +
			`</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults></w:styles>`},
		{"word/header1.xml", head + `<w:hdr ` + wordNS + `><w:p><w:pPr><w:jc w:val="center"/></w:pPr>` +
			`<w:r><w:rPr><w:sz w:val="26"/></w:rPr><w:fldChar w:fldCharType="begin"/></w:r>` +
			`<w:r><w:rPr><w:sz w:val="26"/></w:rPr><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>` +
			`<w:r><w:rPr><w:sz w:val="26"/></w:rPr><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>`},
		{"word/document.xml", head + `<w:document ` + wordNS + ` xmlns:r="` + officeR + `"><w:body>` + d.body.String() +
			`<w:sectPr><w:headerReference w:type="default" r:id="rId2"/>` + feet +
			fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="567" w:footer="454" w:gutter="0"/><w:titlePg/>`,
				pageWidth, pageHeight, marginEdge, marginRight, marginEdge, marginLeft) +
			`</w:sectPr></w:body></w:document>`},
	}, more...)
}

// foot is at the foot of each page.
func (d *Document) foot() string {
	var b strings.Builder
	b.WriteString(head + `<w:ftr ` + wordNS + `>`)
	for _, line := range d.Foot {
		Paragraph{Runs: []Run{{Text: line, Size: 8}}}.write(&b)
	}
	b.WriteString(`</w:ftr>`)
	return b.String()
}

func escaped(s string) string {
	var b strings.Builder
	escape(&b, s)
	return b.String()
}
