"""The pure rules of reports: what may be asked, what is kept from readers, and when a letter is due."""
