"""The bridge to WISE, the Inspectorate General's system: the package, its ways there, the number back."""
