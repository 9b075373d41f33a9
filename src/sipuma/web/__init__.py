"""How every page looks and behaves: templates, forms, headers, languages, error pages."""
