"""What is printed: one document, written as .docx and as PDF."""
