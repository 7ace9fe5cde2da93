package io.github.migrateboot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A POM as it is written, without what it inherits.
 *
 * @param document the file
 */
record Pom(Document document) {

	static Pom read(Path file) throws IOException {
		try {
			return new Pom(DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(file.toFile()));
		}
		catch (ParserConfigurationException | SAXException ex) {
			throw new IOException(ex);
		}
	}

	/**
	 * Return a property, or an empty text if there is none.
	 */
	String property(String name) {
		return String.join("", texts("/project/properties/" + name));
	}

	/**
	 * Return the texts of the elements at a path.
	 */
	List<String> texts(String path) {
		try {
			NodeList nodes = (NodeList) XPathFactory.newDefaultInstance()
				.newXPath()
				.evaluate(path, this.document, XPathConstants.NODESET);
			return IntStream.range(0, nodes.getLength()).mapToObj((i) -> nodes.item(i).getTextContent()).toList();
		}
		catch (XPathExpressionException ex) {
			throw new IllegalArgumentException(path, ex);
		}
	}

}
