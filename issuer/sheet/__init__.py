"""The sheet: draws one page of PDF/A-3b and PDF/UA-1 from texts. It knows no course (docs/own-design.md)."""
