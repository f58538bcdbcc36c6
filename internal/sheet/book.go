package sheet

import (
	"bytes"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// Page is a sheet of an Excel file as it is stored: figures are not rounded.
type Page struct {
	Name string
	Rows [][]string
}

// Pages reads every sheet of an Excel file, hidden ones too.
func Pages(file []byte) (list []Page, err error) {
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return nil, fmt.Errorf("open Excel file: %w", err)
	}
	defer book.Close()
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name)
		if err != nil {
			return nil, fmt.Errorf("read sheet %s: %w", name, err)
		}
		list = append(list, Page{name, rows})
	}
	return list, nil
}
