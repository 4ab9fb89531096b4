"""What makes a badge provable: keys, signatures and the documents' canonical form. Nothing here asks database or network."""
